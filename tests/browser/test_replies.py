"""Replies as members meet them: placed, previewed, edited, withdrawn, quoted, appreciated."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import insert, select

from app.extensions import db
from app.lib.clock import now
from app.models import Comment, Discussion
from tests import cast as make
from tests.browser.conftest import LiveServer
from tests.browser.steps import choose
from tests.cast import Cast
from tests.marks import both_ways

MORE = "Meer bij de reactie"


@pytest.fixture
def thread(cast: Cast) -> Discussion:
    return make.discussion(cast.other, "Hoe doen jullie dit?")


def open_thread(
    page: Page, live_server: LiveServer, cast: Cast, thread: Discussion, query: str = ""
) -> None:
    sign_in(page, cast)
    page.goto(f"{live_server.url}/discussions/{thread.id}-{thread.slug}{query}")


def sign_in(page: Page, cast: Cast) -> None:
    page.goto("/login")
    page.get_by_label("E-mailadres").fill(cast.member.email)
    page.get_by_label("Wachtwoord", exact=True).fill(make.PASSWORD)
    page.locator("main button[type=submit]").click()
    expect(page).not_to_have_url(re.compile("/login"))


def write(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Jouw reactie").fill(text)


@both_ways
def test_a_member_replies_previews_edits_and_withdraws(
    page: Page, live_server: LiveServer, cast: Cast, thread: Discussion, javascript: bool
) -> None:
    open_thread(page, live_server, cast, thread)
    write(page, "Wij doen **dit**.")
    page.get_by_role("button", name="Voorbeeld").click()
    expect(page.locator("#preview strong")).to_have_text("dit")
    page.get_by_role("button", name="Reactie plaatsen").click()
    reply = page.locator("li.k-comment")
    expect(reply).to_have_count(1)
    expect(reply.locator("strong")).to_have_text("dit")
    expect(page.get_by_role("heading", name="1 reactie")).to_be_visible()
    expect(page.get_by_role("textbox", name="Jouw reactie")).to_have_value("")
    if javascript:
        expect(reply).to_be_focused()
    choose(reply, MORE, "Aanpassen")
    field = page.get_by_role("textbox", name="Jouw reactie").first
    expect(field).to_have_value("Wij doen **dit**.")
    field.fill("Wij doen dat.")
    page.get_by_role("button", name="Opslaan").click()
    expect(reply.locator(".k-prose")).to_have_text("Wij doen dat.")
    choose(reply, MORE, "Intrekken")
    expect(reply).to_contain_text("ingetrokken door de schrijver")
    reply.get_by_role("button", name="Weer tonen").click()
    expect(reply.locator(".k-prose")).to_have_text("Wij doen dat.")


@both_ways
def test_a_member_quotes_and_appreciates(
    page: Page, live_server: LiveServer, cast: Cast, thread: Discussion, javascript: bool
) -> None:
    make.comment(thread, cast.other, "Een wijs woord")
    open_thread(page, live_server, cast, thread)
    reply = page.locator("li.k-comment")
    button = reply.get_by_role("button", name="Waarderen")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(reply.get_by_role("link", name="1 waardering")).to_be_visible()
    if javascript:
        expect(button).to_be_focused()
    reply.get_by_role("link", name="Citeren").click()
    value = re.compile(r"> \*\*Otto Ander\*\*:\n>\n> Een wijs woord")
    expect(page.get_by_role("textbox", name="Jouw reactie")).to_have_value(value)


def test_an_edit_can_be_given_up(
    page: Page, live_server: LiveServer, cast: Cast, thread: Discussion
) -> None:
    make.comment(thread, cast.member, "Zo is het")
    open_thread(page, live_server, cast, thread)
    reply = page.locator("li.k-comment")
    choose(reply, MORE, "Aanpassen")
    expect(page.get_by_role("textbox", name="Jouw reactie").first).to_be_focused()
    page.get_by_role("textbox", name="Jouw reactie").first.fill("Toch niet")
    page.get_by_role("link", name="Annuleren").click()
    expect(reply.locator(".k-prose")).to_have_text("Zo is het")
    expect(reply).to_be_focused()


def test_replies_of_others_come_in_while_one_writes(
    page: Page, live_server: LiveServer, cast: Cast, thread: Discussion
) -> None:
    page.clock.install()
    open_thread(page, live_server, cast, thread)
    write(page, "Ik ben nog bezig")
    for body in ("Een", "Twee", "Drie"):
        make.comment(thread, cast.other, body)
    page.clock.run_for(26_000)
    news = page.get_by_role("link", name="3 nieuwe reacties")
    expect(news).to_be_visible()
    expect(page.locator("li.k-comment")).to_have_count(0)
    news.click()
    expect(page.locator("li.k-comment .k-prose")).to_have_text(["Een", "Twee", "Drie"])
    expect(news).to_have_count(0)
    expect(page.get_by_role("textbox", name="Jouw reactie")).to_have_value("Ik ben nog bezig")
    make.comment(thread, cast.blogger, "Vier")
    page.get_by_role("button", name="Reactie plaatsen").click()
    expect(page.locator("li.k-comment .k-prose")).to_have_text(
        ["Een", "Twee", "Drie", "Vier", "Ik ben nog bezig"]
    )


def test_who_was_signed_out_meanwhile_keeps_the_text(
    page: Page, live_server: LiveServer, context: BrowserContext, cast: Cast, thread: Discussion
) -> None:
    open_thread(page, live_server, cast, thread)
    write(page, "Een lange tekst")
    context.clear_cookies()
    page.get_by_role("button", name="Reactie plaatsen").click()
    expect(page.get_by_label("Wachtwoord", exact=True)).to_be_visible()
    page.get_by_label("E-mailadres").fill(cast.member.email)
    page.get_by_label("Wachtwoord", exact=True).fill(make.PASSWORD)
    page.locator("main button[type=submit]").click()
    expect(page.locator("body")).to_contain_text("Een lange tekst")


@both_ways
def test_a_permalink_opens_the_page_on_which_the_reply_stands(
    page: Page, live_server: LiveServer, cast: Cast, thread: Discussion
) -> None:
    rows = [
        {"content_id": thread.id, "author_id": cast.other.id, "position": n, "body": f"Nummer {n}",
         "body_html": f"<p>Nummer {n}</p>", "created_at": now()}
        for n in range(1, 121)
    ]  # fmt: skip
    db.session.execute(insert(Comment), rows)
    thread.last_position = thread.comment_count = 120
    db.session.commit()
    wanted = db.session.scalar(select(Comment.id).where(Comment.position == 77))
    db.session.commit()  # this test must not hold the database while the product works
    sign_in(page, cast)
    page.goto(f"/comments/{wanted}")
    expect(page).to_have_url(re.compile(rf"page=2#comment-{wanted}$"))
    expect(page.locator(f"#comment-{wanted}")).to_be_in_viewport()
    write(page, "Nog een")
    page.get_by_role("button", name="Reactie plaatsen").click()
    expect(page).to_have_url(re.compile(r"page=3#comment-\d+$"))
    expect(page.locator("li.k-comment").last).to_contain_text("Nog een")
