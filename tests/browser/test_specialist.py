"""A theme specialist records what is agreed; everyone else reads it."""

import re

from playwright.sync_api import Page, expect

from app.extensions import db
from app.models import Role, User
from tests.browser.conftest import Visit
from tests.browser.steps import choose, press
from tests.cast import Cast, person, wiki_page
from tests.marks import both_ways

MORE = "Meer"


def colleague_of(cast: Cast) -> User:
    """Add a second specialist of the theme."""
    made = person("Carla Collega", Role.SPECIALIST, theme=cast.theme)
    db.session.commit()
    return made


def title_is(page: Page, title: str) -> None:
    """Expect this as the one heading of the page."""
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


@both_ways
def test_a_specialist_makes_and_edits_a_page(visit: Visit, cast: Cast) -> None:
    page = visit(cast.specialist, "/wikis/themes/schuldhulp")
    page.get_by_role("link", name="Nieuwe pagina").first.click()
    page.get_by_label("Titel").fill("Uitstel van betaling")
    page.get_by_label("Tekst").fill("Voor:\n- inwoners\n- ondernemers")
    press(page, "Voorbeeld")
    expect(page.locator("#preview li")).to_have_text(["inwoners", "ondernemers"])
    press(page, "Opslaan")
    title_is(page, "Uitstel van betaling")
    expect(page.get_by_text("Je pagina is gemaakt.")).to_be_visible()
    page.get_by_role("link", name="Aanpassen").click()
    page.get_by_label("Tekst").fill("Alleen voor inwoners.")
    page.get_by_label("Wat heb je gewijzigd?").fill("ondernemers eraf")
    press(page, "Opslaan")
    expect(page.get_by_text("Alleen voor inwoners.")).to_be_visible()
    page.get_by_role("link", name="Geschiedenis").click()
    expect(page.get_by_role("cell", name=re.compile("ondernemers eraf"))).to_be_visible()


def test_colleagues_see_that_a_page_is_being_edited(visit: Visit, cast: Cast) -> None:
    made = wiki_page(cast.specialist, cast.theme)
    first = visit(cast.specialist)
    first.clock.install()
    with first.expect_response("**/editing"):
        first.goto(f"/wikis/{made.id}/edit")
        first.clock.run_for(1_500)
    notice = "Iemand anders werkt aan deze pagina"
    expect(first.locator("#editors")).not_to_contain_text(notice)
    second = visit(colleague_of(cast), f"/wikis/{made.id}/edit")
    expect(second.locator("#editors").get_by_text(notice)).to_be_visible()
    expect(second.locator("#editors")).to_contain_text("Sam Specialist")
    with second.expect_response("**/editing"):
        second.reload()
    first.get_by_label("Tekst").press_sequentially("Nog bezig. ")
    first.clock.run_for(31_000)
    expect(first.locator("#editors")).to_contain_text("Carla Collega")
    expect(first.get_by_label("Tekst")).to_have_value(re.compile("Nog bezig"))


@both_ways
def test_two_who_save_lose_nothing(visit: Visit, cast: Cast) -> None:
    made = wiki_page(cast.specialist, cast.theme, body="Bedrag: 100 euro.\n\nVraag het aan.")
    mine = visit(cast.specialist, f"/wikis/{made.id}/edit")
    theirs = visit(colleague_of(cast), f"/wikis/{made.id}/edit")
    theirs.get_by_label("Tekst").fill("Bedrag: 200 euro.\n\nVraag het aan.")
    press(theirs, "Opslaan")
    expect(theirs.get_by_text("Bedrag: 200 euro.")).to_be_visible()
    mine.get_by_label("Tekst").fill("Bedrag: 300 euro.\n\nVraag het aan.")
    press(mine, "Opslaan")
    expect(mine.get_by_role("alert")).to_contain_text("heeft deze pagina net opgeslagen")
    expect(mine.locator("#mine")).to_have_value("Bedrag: 300 euro.\n\nVraag het aan.")
    expect(mine.locator("#theirs")).to_have_value("Bedrag: 200 euro.\n\nVraag het aan.")
    expect(mine.locator(".diff ins", has_text="300")).to_be_visible()
    mine.get_by_label("Tekst", exact=True).fill("Bedrag: 250 euro.\n\nVraag het aan.")
    press(mine, "Opslaan")
    expect(mine.get_by_text("Bedrag: 250 euro.")).to_be_visible()
    mine.get_by_role("link", name="Geschiedenis").click()
    expect(mine.get_by_text("3 versies")).to_be_visible()


@both_ways
def test_an_old_version_is_compared_and_restored(visit: Visit, cast: Cast) -> None:
    made = wiki_page(cast.specialist, cast.theme, body="Het loket is open tot vier uur.")
    page = visit(cast.specialist, f"/wikis/{made.id}/edit")
    page.get_by_label("Tekst").fill("Het loket is open tot vijf uur.")
    press(page, "Opslaan")
    expect(page.get_by_text("Het loket is open tot vijf uur.")).to_be_visible()
    page.get_by_role("link", name="Geschiedenis").click()
    press(page, "Vergelijk de gekozen versies")
    expect(page.locator(".diff del")).to_have_text("vier")
    expect(page.locator(".diff ins")).to_have_text("vijf")
    page.get_by_role("link", name="Onder elkaar").click()
    expect(page.locator(".diff:not(.diff--side) ins")).to_have_text("vijf")
    page.get_by_role("link", name="Versie 1 terugzetten").click()
    press(page, "Deze versie terugzetten")
    expect(page.get_by_text("Versie 1 is weer de nieuwste.")).to_be_visible()
    expect(page.get_by_text("Het loket is open tot vier uur.")).to_be_visible()


@both_ways
def test_links_survive_a_new_title_and_a_new_place(visit: Visit, cast: Cast) -> None:
    target = wiki_page(cast.specialist, cast.theme, "Loket")
    source = wiki_page(cast.specialist, cast.theme, "Adressen")
    page = visit(cast.specialist, f"/wikis/{source.id}/edit")
    page.get_by_label("Tekst").fill("Ga naar het [[Loket]].")
    press(page, "Opslaan")
    expect(page.locator(".k-prose a")).to_have_text("Loket")
    page.goto(f"/wikis/{target.id}/edit")
    page.get_by_label("Titel").fill("Balie")
    press(page, "Opslaan")
    expect(page.locator(".k-back-links")).to_contain_text("Adressen")
    choose(page.locator("main"), MORE, "Verplaatsen")
    page.get_by_label("Staat onder").select_option(label="Adressen")
    press(page, "Verplaatsen")
    expect(page.get_by_role("navigation", name="Kruimelpad")).to_contain_text("Adressen")
    page.goto(f"/wikis/{source.id}")
    page.locator(".k-prose a", has_text=re.compile("Loket|Balie")).click()
    title_is(page, "Balie")


@both_ways
def test_a_page_goes_into_the_bin_and_back(visit: Visit, cast: Cast) -> None:
    made = wiki_page(cast.specialist, cast.theme, "Oude regeling")
    page = visit(cast.specialist, f"/wikis/{made.id}")
    choose(page.locator("main"), MORE, "In de prullenbak")
    page.get_by_label("Waarom?").fill("geldt niet meer")
    press(page, "In de prullenbak")
    binned = page.locator(".k-row", has_text="Oude regeling")
    expect(binned).to_be_visible()
    reader = visit(cast.member, f"/wikis/{made.id}")
    title_is(reader, "Deze pagina bestaat niet")
    press(binned, "Uit de prullenbak halen")
    expect(page.get_by_text("De pagina staat weer op zijn plek.")).to_be_visible()
    reader.reload()
    title_is(reader, "Oude regeling")


@both_ways
def test_a_member_reads_and_sees_how_one_becomes_specialist(visit: Visit, cast: Cast) -> None:
    made = wiki_page(cast.specialist, cast.theme, "Regeling")
    page = visit(cast.member, "/wikis")
    expect(page.get_by_text("Weet je veel van een thema?")).to_be_visible()
    expect(page.get_by_role("link", name="Nieuwe pagina")).to_have_count(0)
    page.get_by_role("link", name="Regeling").click()
    expect(page.get_by_role("link", name="Aanpassen")).to_have_count(0)
    page.locator("summary", has_text=MORE).last.click()
    expect(page.get_by_role("link", name="Downloaden als Markdown")).to_be_visible()
    expect(page.get_by_role("link", name="In de prullenbak")).to_have_count(0)
    page.goto(f"/wikis/{made.id}/edit")
    title_is(page, "Dit mag je niet")
