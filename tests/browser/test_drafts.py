"""No word is lost: what someone writes is there again, on any device and after any interruption."""

import re
import time
from urllib.parse import quote_plus

import pytest
from playwright.sync_api import Dialog, Page, Request, Response, expect
from sqlalchemy import delete, select

from app.extensions import Kring, db
from app.models import Comment, Draft, UserSession
from tests.browser.conftest import PATIENCE, Visit
from tests.browser.steps import press, reply, sign_in
from tests.cast import Cast, discussion

KEPT = re.compile(r"Concept bewaard om \d\d:\d\d")


def wrote(page: Page, text: str) -> None:
    """Write a text word by word, as people do."""
    field = page.locator("form[data-draft] textarea").last
    field.press("Control+End")
    field.press_sequentially(text)


def keeps(page: Page, text: str) -> None:
    """Write a text, and see that all of it is kept: of who types slowly a part is kept before."""

    def has_all(answer: Response) -> bool:
        sent = answer.request.post_data or ""
        return answer.ok and answer.url.endswith("/drafts") and quote_plus(text) in sent

    with page.expect_response(has_all):
        wrote(page, text)
    expect(page.locator("[data-draft-said]").last).to_have_text(KEPT)


def drafts_sent(page: Page) -> list[str]:
    """Return where it will be written down whenever the page asks to keep a text."""
    sent: list[str] = []

    def hear(request: Request) -> None:
        if request.url.endswith("/drafts"):
            sent.append(request.post_data or "")

    page.on("request", hear)
    return sent


def end_sessions(app: Kring) -> None:
    with app.app_context():
        db.session.execute(delete(UserSession))
        db.session.commit()


def test_the_text_is_there_on_another_device(visit: Visit, page: Page, cast: Cast) -> None:
    laptop = visit(cast.member, "/discussions/new")
    laptop.get_by_label("Titel").fill("Hoe vraag ik uitstel aan?")
    keeps(laptop, "Een inwoner belt en")
    laptop.context.close()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/discussions/new")
    sign_in(page, cast.member.email)
    expect(page.get_by_text("Je tekst staat er weer")).to_be_visible()
    expect(page.get_by_label("Titel")).to_have_value("Hoe vraag ik uitstel aan?")
    expect(page.locator("form[data-draft] textarea")).to_have_value("Een inwoner belt en")
    page.goto("/account/drafts")
    page.get_by_role("link", name="Hoe vraag ik uitstel aan?", exact=True).click()
    wrote(page, " vraagt wat hij moet doen.")
    press(page, "Plaatsen")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hoe vraag ik uitstel aan?")
    expect(page.locator(".k-article")).to_contain_text("belt en vraagt wat hij moet doen.")
    page.goto("/account/drafts")
    expect(page.get_by_text("Geen concepten")).to_be_visible()


def test_closing_the_page_at_once_keeps_the_text(visit: Visit, cast: Cast) -> None:
    asked = discussion(cast.other, "Hoe zit dit?")
    page = visit(cast.member, f"/discussions/{asked.id}")
    wrote(page, "Snel getikt")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/account/drafts")
    kept = page.get_by_role("link", name="Snel getikt", exact=True)
    until = time.monotonic() + PATIENCE
    while not kept.count():  # the text is under way while this page comes already
        assert time.monotonic() < until, "the text is lost"
        page.reload()
    kept.click()
    expect(page.locator("#reply-form textarea")).to_have_value("Snel getikt")


def test_signing_in_again_on_another_tab_costs_no_word(
    visit: Visit, cast: Cast, app: Kring
) -> None:
    asked = discussion(cast.other, "Hoe zit dit?")
    page = visit(cast.member)
    page.clock.install()
    page.goto(f"/discussions/{asked.id}")
    keeps(page, "Zo zit het:")
    end_sessions(app)
    wrote(page, " je belt")
    said = page.locator("[data-draft-said]").last
    expect(said).to_contain_text("niet meer ingelogd")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Inloggen op een ander tabblad").click()
    sign_in(opened.value, cast.member.email)
    expect(opened.value.get_by_role("heading", level=1)).not_to_have_text("Inloggen")
    keeps(page, " de deurwaarder.")
    press(page, "Reactie plaatsen")
    placed = page.locator("li.k-comment", has_text="Zo zit het: je belt de deurwaarder.")
    expect(placed).to_be_visible()
    sent = drafts_sent(page)
    page.clock.run_for(20_000)
    page.reload()
    assert not sent
    assert db.session.scalar(select(Draft.id)) is None
    assert db.session.scalars(select(Comment.body)).one() == "Zo zit het: je belt de deurwaarder."


def test_nothing_is_kept_under_the_name_of_who_signs_in_next(
    visit: Visit, cast: Cast, app: Kring
) -> None:
    page = visit(cast.member, "/discussions/new")
    end_sessions(app)
    tab = page.context.new_page()
    tab.goto("/login")
    sign_in(tab, cast.other.email)
    expect(tab.get_by_role("heading", level=1)).not_to_have_text("Inloggen")
    wrote(page, "Van Lotte")
    said = page.locator("[data-draft-said]")
    expect(said).to_contain_text("iemand anders ingelogd")
    assert db.session.scalar(select(Draft.id)) is None


def test_two_windows_keep_two_texts(visit: Visit, cast: Cast) -> None:
    first, second = (visit(cast.member, "/discussions/new") for _ in range(2))
    keeps(first, "Van de laptop")
    keeps(second, "Van de telefoon")
    keeps(first, ", verder")
    bodies = {draft.fields["body"] for draft in db.session.scalars(select(Draft))}
    assert bodies == {"Van de laptop, verder", "Van de telefoon"}


def test_a_placed_reply_does_not_come_back(visit: Visit, cast: Cast) -> None:
    asked = discussion(cast.other, "Hoe zit dit?")
    page = visit(cast.member)
    page.clock.install()
    page.goto(f"/discussions/{asked.id}")
    keeps(page, "Eerste ")
    sent = drafts_sent(page)
    reply(page, "Eerste reactie")
    page.clock.run_for(20_000)
    page.reload()
    expect(page.locator("#reply-form textarea")).to_have_value("")
    assert not sent
    assert db.session.scalar(select(Draft.id)) is None


def test_what_is_kept_can_be_left_without_a_question(visit: Visit, cast: Cast) -> None:
    page = visit(cast.member, "/discussions/new")
    asked: list[str] = []

    def hear(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", hear)
    keeps(page, "Bewaard")
    page.goto("/")
    assert asked == []


@pytest.mark.parametrize("javascript", [False])
def test_without_script_a_button_keeps_it(visit: Visit, cast: Cast, javascript: bool) -> None:
    page = visit(cast.member, "/discussions/new")
    page.get_by_label("Titel").fill("Hoe vraag ik uitstel aan?")
    press(page, "Bewaar als concept")
    expect(page.get_by_text("Je tekst is bewaard als concept.")).to_be_visible()
    page.get_by_role("link", name="Hoe vraag ik uitstel aan?", exact=True).click()
    expect(page.get_by_label("Titel")).to_have_value("Hoe vraag ik uitstel aan?")
    page.get_by_role("link", name="Weggooien en opnieuw beginnen").click()
    press(page, "Weggooien en opnieuw beginnen")
    expect(page.get_by_label("Titel")).to_have_value("")
