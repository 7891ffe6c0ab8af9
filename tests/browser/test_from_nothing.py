"""From `flask setup` to the first invited member who posts, and to rules that they accept anew."""

import re

from playwright.sync_api import Page, expect

from app.extensions import Kring
from tests.browser.conftest import LiveServer, Visit
from tests.browser.mails import mails
from tests.browser.steps import press, reply, sign_in
from tests.cast import PASSWORD
from tests.marks import both_ways

ADMINISTRATOR = "els@voorbeeldstad.example"
MEMBER = "nora.nieuw@voorbeeldstad.example"
AGREE = "Ik heb de huisregels gelezen en houd me eraan"
TITLE = "Wie kent een goede training?"


def set_up(app: Kring) -> None:
    """Do what the system administrator does on the server."""
    result = app.test_cli_runner().invoke(
        args=["setup", "--community", "Kring", "--municipality", "Gemeente Voorbeeldstad",
              "--name", "Els Beheer", "--email", ADMINISTRATOR, "--password", PASSWORD]
    )  # fmt: skip
    assert result.exit_code == 0, result.output


def first_day(page: Page, job_title: str) -> None:
    """Accept the house rules and tell who one is; the rest can wait."""
    page.get_by_label(AGREE).check()
    press(page, "Verder")
    page.get_by_label("Functie").fill(job_title)
    press(page, "Verder")
    press(page, "Klaar")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Welkom")


def arrange(page: Page) -> None:
    """Give the community its name and its first theme."""
    page.goto("/settings")
    page.get_by_role("link", name="Algemeen").first.click()
    page.get_by_label("Naam van de community").fill("Kring Casemanagers")
    press(page, "Opslaan")
    expect(page.locator(".k-brand__name")).to_have_text("Kring Casemanagers")
    page.goto("/settings/themes")
    page.get_by_label("Naam", exact=True).fill("Schuldhulp")
    press(page, "Thema toevoegen")
    expect(page.get_by_role("main")).to_contain_text("Schuldhulp")


def invite(page: Page, live_server: LiveServer) -> str:
    """Invite the first member; return the link in the mail."""
    page.goto("/people")
    page.get_by_role("link", name="Mensen uitnodigen").click()
    page.get_by_label("E-mailadressen").fill(MEMBER)
    press(page, "Uitnodigingen versturen")
    expect(page.get_by_role("list", name="Uitnodigingen")).to_contain_text(MEMBER)
    found = re.search(r"http\S+/invitations/\S+", mails(live_server)[MEMBER])
    assert found
    return found.group()


def change_rules(page: Page) -> None:
    """Add an article to the house rules, in place."""
    page.goto("/pages/house-rules")
    page.get_by_role("link", name="Aanpassen").click()
    text = page.get_by_label("Tekst", exact=True)
    text.wait_for()
    page.wait_for_load_state()  # the whole text has come
    text.fill(f"{text.input_value()}\n\n## Zet je telefoon stil\n\nIn een bijeenkomst.")
    page.get_by_label("Wat heb je gewijzigd?").fill("Over telefoons")
    press(page, "Opslaan")
    expect(page.get_by_role("main")).to_contain_text("Versie 2")


@both_ways
def test_a_community_begins(
    visit: Visit, app: Kring, live_server: LiveServer, app_context: None
) -> None:
    set_up(app)
    administrator = visit(None)
    sign_in(administrator, ADMINISTRATOR)
    first_day(administrator, "Applicatiebeheerder")
    arrange(administrator)
    link = invite(administrator, live_server)

    member = visit(None, link)
    member.get_by_label("Je naam").fill("Nora Nieuw")
    member.get_by_label("Kies een wachtwoord").fill("ander-paard-loopt-gisteren")
    press(member, "Account maken")
    first_day(member, "Casemanager")
    member.goto("/discussions/new")
    member.get_by_label("Titel").fill(TITLE)
    member.get_by_label("Thema").select_option(label="Schuldhulp")
    member.get_by_label("Tekst").fill("Voor nieuwe collega's.")
    press(member, "Plaatsen")
    expect(member.get_by_role("heading", level=1)).to_have_text(TITLE)

    administrator.goto("/")
    administrator.get_by_role("link", name=TITLE).first.click()
    reply(administrator, "Welkom! Ik zoek het op.")

    change_rules(administrator)
    member.goto("/discussions")
    expect(member.get_by_role("heading", level=1)).to_have_text("De huisregels zijn veranderd")
    expect(member.get_by_role("main")).to_contain_text("Over telefoons")
    member.get_by_label(AGREE).check()
    press(member, "Verder")
    expect(member.get_by_role("heading", level=1)).to_have_text("Discussies")
