"""A member looks for something: finds it, misspells it, or asks it."""

import re

import pytest
from playwright.sync_api import Page, expect

from app.extensions import db
from app.models import Tag
from app.services import search_index, searches
from tests.browser.conftest import LiveServer, Visit
from tests.browser.steps import press
from tests.cast import Cast, comment, discussion, wiki_page
from tests.marks import both_ways


def indexed(*subjects: object) -> None:
    """Let these be found: the cast makes them without the services that do this."""
    search_index.index(*subjects)  # type: ignore[arg-type]  # any of them
    db.session.commit()


def look_for(page: Page, words: str) -> None:
    """Type words in the box in the header and send them."""
    page.locator("header").get_by_role("searchbox").fill(words)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/search\?q="))


@both_ways
def test_a_reply_is_found_and_opened(visit: Visit, cast: Cast) -> None:
    asked = discussion(cast.other, "Hoe vraag ik uitstel aan?", theme=cast.theme)
    reply = comment(asked, cast.specialist, "Bel eerst de kredietbank.")
    indexed(asked, reply, wiki_page(cast.specialist, cast.theme, "Kredietbank", "Het loket."))
    page = visit(cast.member, "/groups")
    look_for(page, "kredietbank")
    expect(page).to_have_title(re.compile("Zoeken: kredietbank"))
    expect(page.get_by_text("2 resultaten")).to_be_visible()
    page.get_by_role("link", name="Reacties", exact=True).click()
    expect(page.locator(".k-row")).to_have_count(1)
    expect(page.locator(".k-row mark")).to_have_text("kredietbank")
    page.locator(".k-row__title a").click()
    expect(page).to_have_url(re.compile(rf"#comment-{reply.id}$"))
    expect(page.locator(f"#comment-{reply.id}")).to_be_in_viewport()


@both_ways
def test_filters_narrow_and_chips_widen(visit: Visit, cast: Cast, javascript: bool) -> None:
    indexed(
        discussion(cast.other, "Kwijtschelding van schuld", theme=cast.theme),
        discussion(cast.other, "Kwijtschelding van huur", theme=cast.other_theme),
    )
    page = visit(cast.member, "/search?q=kwijtschelding")
    expect(page.locator(".k-row")).to_have_count(2)
    page.locator("summary", has_text="Filters").click()
    page.get_by_label("Thema").select_option(label="Wonen")
    if not javascript:
        press(page, "Filteren")
    expect(page.locator(".k-row")).to_have_count(1)
    expect(page).to_have_url(re.compile("theme=wonen"))
    page.get_by_role("link", name="Haal dit filter weg: Thema: Wonen").click()
    expect(page.locator(".k-row")).to_have_count(2)


def test_results_come_while_one_types(visit: Visit, cast: Cast) -> None:
    indexed(discussion(cast.other, "Kwijtschelding"), discussion(cast.other, "Kwijting"))
    page = visit(cast.member, "/search")
    field = page.get_by_label("Wat zoek je?")
    expect(field).to_be_focused()
    field.press_sequentially("kwijt")
    expect(page.locator(".k-row")).to_have_count(2)
    expect(page.locator("#live")).to_have_text("2 resultaten")
    field.press_sequentially("scheld")
    expect(page.locator(".k-row")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/search\?q=kwijtscheld$"))
    expect(page).to_have_title(re.compile("Zoeken: kwijtscheld"))
    expect(field).to_be_focused()
    page.reload()
    expect(page.locator(".k-row")).to_have_count(1)


@both_ways
def test_a_misspelt_word_leads_to_the_right_one(
    visit: Visit, cast: Cast, live_server: LiveServer
) -> None:
    indexed(discussion(cast.other, "Kwijtschelding"))
    live_server.app.extensions[searches.WORDS].flush_now()
    page = visit(cast.member, "/")
    look_for(page, "kwijtscheldign")
    expect(page.get_by_text("Bedoelde je")).to_be_visible()
    page.get_by_role("link", name="kwijtschelding", exact=True).click()
    expect(page.locator(".k-row")).to_have_count(1)


@both_ways
def test_what_is_not_there_is_asked(visit: Visit, cast: Cast) -> None:
    page = visit(cast.member, "/")
    look_for(page, "zonnepanelen bij huurders")
    expect(page.get_by_text("Niets gevonden voor")).to_be_visible()
    page.get_by_role("link", name="Stel het als vraag").click()
    expect(page.get_by_label("Titel")).to_have_value("zonnepanelen bij huurders")


@both_ways
def test_a_group_is_searched_on_its_own(visit: Visit, cast: Cast) -> None:
    inside = discussion(cast.insider, "Kwijtschelding hier", group=cast.open)
    indexed(inside, discussion(cast.other, "Kwijtschelding elders"))
    page = visit(cast.insider, "/groups/groep-open")
    page.get_by_role("searchbox", name="Zoek in deze groep").fill("kwijtschelding")
    page.keyboard.press("Enter")
    expect(page.locator(".k-row")).to_have_count(1)
    expect(page.get_by_role("link", name="Kwijtschelding hier")).to_be_visible()


def test_a_key_leads_to_the_field(visit: Visit, cast: Cast) -> None:
    page = visit(cast.member, "/groups")
    page.keyboard.press("/")
    field = page.locator("header").get_by_role("searchbox")
    expect(field).to_be_focused()
    page.keyboard.type("a/b")
    expect(field).to_have_value("a/b")
    page.goto("/search")
    press(page, "Zet deze toets uit")
    expect(page.get_by_role("button", name="Zet deze toets aan")).to_be_visible()
    page.goto("/groups")
    page.keyboard.press("/")
    expect(field).not_to_be_focused()


def test_on_a_telephone_a_link_leads_to_the_page(visit: Visit, cast: Cast) -> None:
    page = visit(cast.member, "/")
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator("header").get_by_role("searchbox")).to_have_count(0)
    page.locator("header").get_by_role("link", name="Zoeken").click()
    expect(page.get_by_label("Wat zoek je?")).to_be_visible()


@both_ways
def test_a_piece_leads_to_related_ones(visit: Visit, cast: Cast, javascript: bool) -> None:
    tag = Tag(name="Wmo", slug="wmo")
    here = discussion(cast.member, "Hier", "Een lange tekst. " * 400, tags=[tag])
    discussion(cast.other, "Verwant", tags=[tag])
    page = visit(cast.member, f"/discussions/{here.id}")
    if javascript:
        expect(page.get_by_role("link", name="Verwant", exact=True)).to_have_count(0)
        page.keyboard.press("End")
    else:
        page.get_by_role("link", name="Verwante stukken").click()
    expect(page.get_by_role("link", name="Verwant", exact=True)).to_be_visible()


@pytest.mark.parametrize("q", ['"', "***", "kwijtschelding " * 700])
def test_odd_questions_are_answered_while_one_types(visit: Visit, cast: Cast, q: str) -> None:
    page = visit(cast.member, "/search")
    page.get_by_label("Wat zoek je?").fill(q)
    expect(page.locator("#found .k-notice")).to_be_visible()
    expect(page.locator("#toast")).to_be_empty()
