"""One's own account, and what one was writing when something came between."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import LiveServer, Visit
from tests.browser.mails import mails
from tests.browser.steps import press, sign_in
from tests.cast import PASSWORD, Cast, discussion
from tests.marks import both_ways

OTHER_PASSWORD = "stille-maan-boven-oude-brug"


def signed_in(page: Page, email: str, password: str = PASSWORD) -> Page:
    """Sign in with the form."""
    page.goto("/login")
    sign_in(page, email, password)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Welkom")
    return page


@both_ways
def test_a_forgotten_password(page: Page, cast: Cast, live_server: LiveServer) -> None:
    page.goto("/")
    page.get_by_role("link", name="Wachtwoord vergeten?").click()
    page.get_by_label("E-mailadres").fill(cast.member.email)
    press(page, "Stuur mij een link")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kijk in je mail")
    link = re.search(r"http://\S+/password/reset/\S+", mails(live_server)[cast.member.email])
    assert link
    page.goto(link[0])
    page.get_by_label("Nieuw wachtwoord").fill("wachtwoord123")
    press(page, "Wachtwoord opslaan")
    expect(page.get_by_role("alert")).to_contain_text("makkelijk te raden")
    page.get_by_label("Nieuw wachtwoord").fill(OTHER_PASSWORD)
    press(page, "Wachtwoord opslaan")
    expect(page.get_by_text("Log in met je nieuwe wachtwoord.")).to_be_visible()
    sign_in(page, cast.member.email)
    expect(page.get_by_role("alert")).to_contain_text("horen niet bij elkaar")
    expect(page.get_by_label("E-mailadres")).to_have_value(cast.member.email)
    sign_in(page, cast.member.email, OTHER_PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("Welkom, Lotte")
    page.goto(link[0])
    expect(page.get_by_role("heading", level=1)).to_have_text("Deze link werkt niet meer")


@both_ways
def test_another_password_signs_other_browsers_out(
    page: Page, cast: Cast, new_context: Callable[..., BrowserContext]
) -> None:
    elsewhere = signed_in(new_context().new_page(), cast.member.email)
    signed_in(page, cast.member.email)
    page.goto("/account/security")
    expect(page.get_by_text("Deze browser")).to_have_count(1)
    page.get_by_label("Huidig wachtwoord").fill(PASSWORD)
    page.get_by_label("Nieuw wachtwoord").fill(OTHER_PASSWORD)
    press(page, "Wachtwoord wijzigen")
    expect(page.get_by_text("Alle andere browsers zijn uitgelogd.")).to_be_visible()
    elsewhere.goto("/discussions")
    expect(elsewhere.get_by_role("heading", level=1)).to_have_text("Inloggen")
    page.goto("/discussions")
    expect(page.get_by_role("heading", level=1)).to_have_text("Discussies")


@both_ways
def test_one_browser_is_signed_out_from_another(
    page: Page, cast: Cast, new_context: Callable[..., BrowserContext]
) -> None:
    elsewhere = signed_in(new_context().new_page(), cast.member.email)
    signed_in(page, cast.member.email)
    page.goto("/account/security")
    rows = page.get_by_role("listitem").filter(has_text="Ingelogd op")
    expect(rows).to_have_count(2)
    rows.get_by_role("button", name=re.compile("^Uitloggen: ")).click()
    expect(page.get_by_text("Die browser is uitgelogd.")).to_be_visible()
    expect(rows).to_have_count(1)
    elsewhere.goto("/discussions")
    expect(elsewhere.get_by_role("heading", level=1)).to_have_text("Inloggen")


@both_ways
def test_the_interface_speaks_english_too(visit: Visit, cast: Cast) -> None:
    page = visit(cast.member, "/account/profile")
    page.get_by_label("Taal").select_option(label="English")
    press(page, "Opslaan")
    expect(page.get_by_text("Your profile has been saved.")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto("/discussions")
    expect(page.get_by_role("heading", level=1)).to_have_text("Discussions")
    page.goto("/account/profile")
    page.get_by_label("Language").select_option(label="Nederlands")
    press(page, "Save")
    expect(page.get_by_text("Je profiel is opgeslagen.")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "nl")


def write_reply(page: Page, cast: Cast) -> None:
    """Sign in, open a discussion and write a reply, without placing it."""
    asked = discussion(cast.other)
    signed_in(page, cast.member.email)
    page.goto(f"/discussions/{asked.id}")
    page.get_by_label("Jouw reactie").fill("Een lange tekst.")


def sign_out(page: Page) -> None:
    """Sign out in another tab of the same browser."""
    page.goto("/account")
    page.locator("summary", has_text="Mijn account").click()
    press(page, "Uitloggen")
    expect(page.get_by_text("Je bent uitgelogd.")).to_be_visible()


@both_ways
def test_a_form_that_expired_keeps_the_text(
    page: Page, context: BrowserContext, cast: Cast
) -> None:
    write_reply(page, cast)
    tab = context.new_page()
    sign_out(tab)
    signed_in(tab, cast.member.email)
    press(page, "Reactie plaatsen")
    expect(page.get_by_role("heading", level=1)).to_have_text("Deze pagina stond te lang open")
    expect(page.get_by_label("Tekst")).to_have_value("Een lange tekst.")
    press(page, "Versturen")
    expect(page.locator("li.k-comment", has_text="Een lange tekst.")).to_be_visible()


@both_ways
def test_who_lost_the_session_keeps_the_text(
    page: Page, context: BrowserContext, cast: Cast
) -> None:
    write_reply(page, cast)
    sign_out(context.new_page())
    press(page, "Reactie plaatsen")
    expect(page.get_by_role("heading", level=1)).to_have_text("Je bent uitgelogd")
    sign_in(page, cast.member.email)
    expect(page.get_by_role("heading", level=1)).to_have_text("Je bent weer ingelogd")
    press(page, "Versturen")
    expect(page.locator("li.k-comment", has_text="Een lange tekst.")).to_be_visible()
