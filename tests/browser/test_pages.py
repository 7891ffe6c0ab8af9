"""The community manager changes the house rules in place."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.steps import press
from tests.cast import Cast
from tests.marks import both_ways

RULE = "Kritiek op een idee is welkom."


def replace(page: Page, old: str, new: str) -> None:
    """Change a part of the text in the form."""
    field = page.get_by_label("Tekst", exact=True)
    expect(field).to_have_value(re.compile(re.escape(old)))
    page.wait_for_load_state()  # the whole text has come
    field.fill(field.input_value().replace(old, new))


@both_ways
def test_the_manager_changes_the_house_rules_and_sees_the_difference(
    visit: Visit, cast: Cast
) -> None:
    page = visit(cast.manager, "/")
    page.get_by_role("contentinfo").get_by_role("link", name="Huisregels").click()
    page.get_by_role("link", name="Aanpassen").click()
    replace(page, RULE, "Kritiek op een **plan** is welkom.")
    press(page, "Voorbeeld")
    expect(page.locator("#preview strong")).to_have_text("plan")
    press(page, "Opslaan")
    expect(page.get_by_role("alert")).to_contain_text("Wat heb je gewijzigd?")
    page.get_by_label("Wat heb je gewijzigd?").fill("Plan in plaats van idee.")
    press(page, "Opslaan")
    expect(page.get_by_text("Iedereen moet opnieuw akkoord gaan")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Versie 2")
    page.get_by_role("link", name="Eerdere versies").click()
    expect(page.get_by_text("Plan in plaats van idee.")).to_be_visible()
    press(page, "Vergelijk de gekozen versies")
    expect(page.locator(".diff del")).to_have_text(["idee"])
    expect(page.locator(".diff ins")).to_have_text(["**plan**"])


def test_a_link_leads_to_an_article(visit: Visit) -> None:
    page = visit(None, "/pages/house-rules#artikel-4")
    expect(page.locator(":target")).to_contain_text("4. Noem geen inwoners")
    expect(page.locator(":target")).to_be_in_viewport()


@pytest.mark.parametrize("paper", ["A4", "A3"])
def test_the_poster_fits_on_one_sheet(visit: Visit, paper: str) -> None:
    page = visit(None, "/pages/house-rules/poster")
    assert b"/Count 1" in page.pdf(format=paper)
    page.emulate_media(media="print")
    expect(page.get_by_role("banner")).to_be_hidden()
    expect(page.get_by_role("contentinfo")).to_be_hidden()
