"""A page is agreed by two, looked through in time, and doubted by a reader."""

from datetime import timedelta

from playwright.sync_api import expect

from app.extensions import db
from app.lib.clock import local, now
from app.models import Role
from tests.browser.conftest import Visit
from tests.browser.steps import press
from tests.cast import Cast, person, wiki_page
from tests.marks import both_ways


@both_ways
def test_two_specialists_put_a_page_in_force(visit: Visit, cast: Cast) -> None:
    cast.theme.four_eyes = True
    colleague = person("Carla Collega", Role.SPECIALIST, theme=cast.theme)
    db.session.commit()
    mine = visit(cast.specialist, "/wikis/new?theme=schuldhulp")
    mine.get_by_label("Titel").fill("Noodfonds")
    mine.get_by_label("Tekst", exact=True).fill("Bel het fonds.")
    press(mine, "Opslaan")
    expect(mine.get_by_text("Alleen de specialisten van dit thema zien de pagina.")).to_be_visible()
    reader = visit(cast.member, mine.url)
    expect(reader.get_by_role("heading", level=1)).to_have_text("Deze pagina bestaat niet")
    press(mine, "Aanbieden aan collega's")
    expect(mine.get_by_text("Een andere specialist van dit thema beslist.")).to_be_visible()
    theirs = visit(colleague, "/")
    theirs.get_by_role("link", name="wikipagina is aangeboden").click()
    theirs.get_by_role("link", name="Noodfonds").click()
    theirs.get_by_role("link", name="Terugsturen").click()
    theirs.get_by_label("Waarom?").fill("Het nummer ontbreekt.")
    press(theirs, "Terugsturen")
    expect(theirs.get_by_label("Waarom?")).to_have_count(0)
    mine.goto("/notifications")
    expect(mine.get_by_text("Het nummer ontbreekt.")).to_be_visible()
    mine.goto(reader.url)
    mine.get_by_role("link", name="Aanpassen").click()
    mine.get_by_label("Tekst", exact=True).fill("Bel het fonds: 14 020.")
    press(mine, "Opslaan")
    press(mine, "Aanbieden aan collega's")
    expect(mine.get_by_role("button", name="Aanbieden aan collega's")).to_be_hidden()
    theirs.reload()
    press(theirs, "Vaststellen: dit geldt")
    expect(theirs.get_by_text("De pagina is van kracht.")).to_be_visible()
    reader.reload()
    expect(reader.get_by_text("Bel het fonds: 14 020.")).to_be_visible()
    mine.reload()
    mine.get_by_role("link", name="Aanpassen").click()
    mine.get_by_label("Tekst", exact=True).fill("Bel het fonds: 14 030.")
    press(mine, "Opslaan")
    expect(mine.get_by_text("wacht op een andere specialist van dit thema")).to_be_visible()
    expect(mine.get_by_text("Bel het fonds: 14 020.")).to_be_visible()


@both_ways
def test_a_page_that_is_late_still_holds(visit: Visit, cast: Cast) -> None:
    made = wiki_page(cast.specialist, cast.theme, "Regeling", owner=cast.specialist)
    made.review_on = local(now()).date() - timedelta(days=1)
    db.session.commit()
    late = "Deze pagina is niet op tijd nagelopen"
    reader = visit(cast.member, f"/wikis/{made.id}")
    expect(reader.get_by_text(late)).to_be_visible()
    page = visit(cast.specialist, f"/wikis/{made.id}")
    press(page, "Nog juist, ongewijzigd")
    expect(page.get_by_text(late)).to_have_count(0)
    expect(page.locator("#review")).to_contain_text("Sam Specialist")
    reader.reload()
    expect(reader.get_by_text(late)).to_have_count(0)
    reader.locator("#review a").first.click()
    expect(reader.get_by_role("cell", name="Sam Specialist")).to_be_visible()


@both_ways
def test_a_reader_doubts_and_hears_back(visit: Visit, cast: Cast, javascript: bool) -> None:
    made = wiki_page(cast.specialist, cast.theme, "Regeling", owner=cast.specialist)
    reader = visit(cast.member, f"/wikis/{made.id}")
    reader.get_by_role("link", name="Dit klopt niet meer").click()
    press(reader, "Versturen")
    expect(reader.get_by_role("alert")).to_be_visible()
    reader.get_by_label("Wat klopt niet meer?").fill("Het bedrag is van vorig jaar.")
    press(reader, "Versturen")
    # In `main`: a moment later it is read aloud as well, from an element of its own.
    thanks = reader.locator("main").get_by_text("Dank je. Wie deze pagina bewaakt, hoort het")
    expect(thanks).to_be_visible()
    owner = visit(cast.specialist, f"/wikis/{made.id}")
    if not javascript:
        owner.get_by_role("link", name="Lezen en antwoorden").click()
    expect(owner.get_by_text("Het bedrag is van vorig jaar.")).to_be_visible()
    owner.get_by_label("Jouw antwoord").fill("Aangepast, dank je.")
    press(owner, "Antwoorden en afsluiten")
    expect(owner.locator("main").get_by_text("Je antwoord is verstuurd.")).to_be_visible()
    reader.goto("/notifications")
    expect(reader.get_by_text("Aangepast, dank je.")).to_be_visible()
