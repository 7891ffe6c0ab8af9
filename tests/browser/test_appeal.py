"""An author objects to a decision from the piece itself; it stays as it is, with the reason."""

from playwright.sync_api import expect

from app.extensions import db
from app.services import moderation
from tests.browser.conftest import LiveServer, Visit
from tests.browser.mails import mails
from tests.browser.steps import press
from tests.cast import Cast, discussion
from tests.marks import both_ways

TITLE = "Wie betaalt dit?"


@both_ways
def test_an_objection_that_is_not_found_right_leaves_the_piece_hidden(
    visit: Visit, cast: Cast, live_server: LiveServer
) -> None:
    asked = discussion(cast.member, TITLE)
    with live_server.app.test_request_context():
        hidden = db.session.merge(asked, load=True)
        moderation.hide(hidden, db.session.merge(cast.moderator), "Te fel opgeschreven.")
        db.session.commit()
    author = visit(cast.member, f"/discussions/{asked.id}-{asked.slug}")
    author.get_by_role("link", name="Bekijk het besluit of maak bezwaar").click()
    expect(author.locator("main")).to_contain_text("Te fel opgeschreven.")
    author.get_by_role("link", name="Bezwaar maken").click()
    author.get_by_label("Waarom ben je het er niet mee eens?").fill("Het is een gewone vraag.")
    press(author, "Bezwaar versturen")
    expect(author.locator("main")).to_contain_text("Het bezwaar is verstuurd.")

    manager = visit(cast.manager)
    manager.get_by_role("link", name="bezwaar om over te beslissen").click()
    manager.get_by_role("link", name=f"Verborgen: {TITLE}").click()
    expect(manager.locator("main")).to_contain_text("Het is een gewone vraag.")
    manager.get_by_label("Het bezwaar is niet gegrond").check()
    manager.get_by_label("Reden").fill("Je noemt een inwoner.")
    press(manager, "Beslissen")
    expect(manager.locator("main")).to_contain_text("Bezwaar niet gegrond")

    author.goto(f"/discussions/{asked.id}-{asked.slug}")
    expect(author.locator("main")).to_contain_text("Te fel opgeschreven.")
    author.get_by_role("link", name="Bekijk het besluit").click()
    expect(author.locator("main")).to_contain_text("Je noemt een inwoner.")
    expect(author.get_by_role("link", name="Bezwaar maken")).to_have_count(0)
    assert "Je noemt een inwoner." in mails(live_server)[cast.member.email]
