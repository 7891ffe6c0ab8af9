"""The administrator connects the mail and says which documents can be added."""

import re

from playwright.sync_api import FilePayload, expect

from tests.browser.conftest import Visit
from tests.browser.steps import press
from tests.cast import Cast
from tests.mail_peer import PASSWORD, USER, asking_who, serving
from tests.marks import both_ways


@both_ways
def test_mail_is_tried_before_it_is_saved(visit: Visit, cast: Cast, javascript: bool) -> None:
    page = visit(cast.administrator, "/settings")
    page.get_by_role("main").get_by_role("link", name="Mail", exact=True).click()
    with serving(**asking_who()) as peer:
        page.get_by_label("Mailserver").fill("127.0.0.1")
        page.get_by_label("Beveiliging van de verbinding").select_option("none")
        page.get_by_label("Poort").fill(str(peer.port))
        page.get_by_label("Gebruikersnaam").fill(USER)
        page.get_by_label("Wachtwoord", exact=False).first.fill("verkeerd")
        press(page, "Stuur een test")
        expect(page.get_by_role("alert")).to_contain_text("dit wachtwoord niet")
        page.get_by_label("Wachtwoord", exact=False).first.fill(PASSWORD)
        press(page, "Stuur een test")
        expect(page.get_by_role("status").first).to_contain_text("heeft de test aangenomen")
        assert [mail["To"] for mail in peer.mails()] == [cast.administrator.email]
        expect(page.get_by_label("Poort")).to_have_value(str(peer.port))
        password = page.get_by_label("Wachtwoord", exact=False).first
        if javascript:
            expect(password).to_have_value(PASSWORD)  # the form stayed as it was
        else:
            password.fill(PASSWORD)
        press(page, "Opslaan")
        expect(page.get_by_text("De instellingen zijn opgeslagen.")).to_be_visible()
        expect(page.get_by_text("Er is een wachtwoord bewaard.")).to_be_visible()
        assert PASSWORD not in page.content()
        press(page, "Stuur een test")
        expect(page.get_by_text("heeft de test aangenomen")).to_be_visible()
        assert len(peer.taken) == 2


@both_ways
def test_documents_are_limited(visit: Visit, cast: Cast) -> None:
    page = visit(cast.administrator, "/settings/uploads")
    page.get_by_label("Grootste document").fill("500")
    press(page, "Opslaan")
    expect(page.get_by_role("alert")).to_contain_text("Grootste document")
    page.get_by_label("Grootste document").fill("3")
    page.get_by_label("Word (.docx)").uncheck()
    press(page, "Opslaan")
    expect(page.get_by_text("De instellingen zijn opgeslagen.")).to_be_visible()
    expect(page.get_by_label("Word (.docx)")).not_to_be_checked()

    member = visit(cast.member, "/discussions/new")
    member.get_by_label("Titel").fill("Wie heeft een voorbeeld?")
    member.get_by_label("Tekst").fill("Ik zoek een brief.")
    press(member, "Plaatsen")
    member.get_by_role("link", name="Document toevoegen").click()
    expect(member.get_by_text(re.compile("Hoogstens 3.* MB"))).to_be_visible()
    wrong: FilePayload = {
        "name": "brief.docx",
        "mimeType": "application/msword",
        "buffer": b"PK\x03\x04",
    }
    member.get_by_label("Bestand").set_input_files(wrong)
    press(member, "Toevoegen")
    expect(member.get_by_role("alert")).to_be_visible()
    right: FilePayload = {"name": "brief.txt", "mimeType": "text/plain", "buffer": b"Beste inwoner"}
    member.get_by_label("Bestand").set_input_files(right)
    press(member, "Toevoegen")
    expect(member.get_by_text("Het document is toegevoegd.")).to_be_visible()
