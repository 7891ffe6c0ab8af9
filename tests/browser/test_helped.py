"""Saying what helped, sharing it, and choosing of what one hears."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.steps import choose, press
from tests.cast import Cast, comment, discussion
from tests.marks import both_ways


def said(page: Page, text: str, javascript: bool) -> None:
    """Expect a message: read aloud in place, or at the top of the page that follows."""
    expect(page.locator("#live" if javascript else "#flashes")).to_contain_text(text)


@both_ways
def test_a_reply_helped_and_the_manager_reads_how(
    visit: Visit, cast: Cast, javascript: bool
) -> None:
    asked = discussion(cast.other, "Hoe vraag ik uitstel aan?")
    answer = comment(asked, cast.blogger, "Met een brief.")
    page = visit(cast.member, f"/discussions/{asked.id}")
    theirs = page.locator(f"#comment-{answer.id}")
    press(theirs, "Dit hielp mij")
    scope = theirs if javascript else page
    scope.get_by_label("Hoe hielp het je?").fill("De brief werkte.")
    press(scope, "Versturen")
    said(page, "Dank je.", javascript)
    expect(theirs.get_by_role("link", name="hielp 1 collega")).to_be_visible()
    writer = visit(cast.blogger, "/notifications")
    expect(writer.get_by_text("‘De brief werkte.’")).to_be_visible()
    manager = visit(cast.manager, "/")
    manager.locator("summary", has_text="Mijn account").click()
    manager.get_by_role("link", name="Wat collega’s hielp").click()
    expect(manager.get_by_text("‘De brief werkte.’")).to_be_visible()
    manager.get_by_role("link", name="Hoe vraag ik uitstel aan?").click()
    manager.wait_for_url(re.compile(r"#comment-\d+$"))
    press(theirs, "Dit hielp mij")
    expect(theirs.get_by_role("link", name="hielp 1 collega")).to_have_count(0)


@both_ways
def test_one_chooses_of_what_one_hears(visit: Visit, cast: Cast, javascript: bool) -> None:
    asked = discussion(cast.other, "Hoe vraag ik uitstel aan?", theme=cast.theme)
    page = visit(cast.member, f"/discussions/{asked.id}")
    article = page.locator(".k-article")
    choose(article, "Volgen", "Alleen wijzigingen")
    said(page, "niet van reacties", javascript)
    expect(article.locator("summary", has_text="Alleen wijzigingen")).to_be_visible()
    page.goto(f"/themes/{cast.theme.slug}")
    choose(page.locator("#main"), "Volgen", "Ook een bericht bij elk nieuw stuk")
    said(page, "bericht bij elk nieuw stuk", javascript)
    page.goto("/account/following")
    expect(page.get_by_label("Waarover wil je bericht bij “Schuldhulp”?")).to_have_value("new")
    row = page.locator(".k-row", has_text="Hoe vraag ik uitstel aan?")
    row.get_by_role("combobox").select_option(label="Niets")
    row.get_by_role("button", name="Wijzig").click()
    expect(page.locator("#flashes")).to_contain_text("geen bericht meer")
    expect(row.get_by_role("combobox")).to_have_value("nothing")


@both_ways
def test_the_address_is_there_to_give_away(visit: Visit, cast: Cast, javascript: bool) -> None:
    asked = discussion(cast.other, "Hoe vraag ik uitstel aan?")
    page = visit(cast.member, f"/discussions/{asked.id}")
    choose(page.locator(".k-article"), "Meer over deze discussie", "Delen")
    expect(page.get_by_text("iedereen in de community")).to_be_visible()
    field = page.get_by_label("Adres")
    expect(field).to_have_value(re.compile(rf"/discussions/{asked.id}-hoe-vraag-ik-uitstel-aan$"))
    copy = page.get_by_role("button", name="Kopiëren")
    if not javascript:
        expect(copy).to_be_hidden()
        return
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    copy.click()
    said(page, "Gekopieerd", javascript)
    assert page.evaluate("navigator.clipboard.readText()") == field.input_value()
