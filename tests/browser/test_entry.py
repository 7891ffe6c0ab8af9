"""Getting in: an invitation, and asking for one."""

import re

from playwright.sync_api import Page, expect

from app.extensions import db
from app.services import settings
from app.site import forget_site
from tests.browser.conftest import LiveServer, Visit
from tests.browser.mails import mails
from tests.browser.steps import press, sign_in
from tests.cast import Cast
from tests.marks import both_ways

ANNA, JAN = "anna@voorbeeldstad.example", "jan@elders.example"
PASSWORD = "stille-maan-boven-oude-brug"


def link_for(address: str, live_server: LiveServer) -> str:
    """Return the link of the invitation that was mailed to an address."""
    found = re.search(r"http://\S+/invitations/\S+", mails(live_server)[address])
    assert found
    return found[0]


def come_in(page: Page, name: str) -> None:
    """Fill in the page behind a link, first with a weak password."""
    page.get_by_label("Je naam").fill(name)
    page.get_by_label("Kies een wachtwoord").fill("welkom")
    press(page, "Account maken")
    expect(page.get_by_role("alert")).to_contain_text("minstens 12 tekens")
    expect(page.get_by_label("Je naam")).to_have_value(name)
    page.get_by_label("Kies een wachtwoord").fill(PASSWORD)
    press(page, "Account maken")
    expect(page).to_have_url(re.compile("/welcome"))


@both_ways
def test_two_people_are_invited_and_one_comes_in(
    page: Page, cast: Cast, visit: Visit, live_server: LiveServer
) -> None:
    desk = visit(cast.manager, "/people")
    desk.get_by_role("main").get_by_role("link", name="Mensen uitnodigen").click()
    desk.get_by_label("E-mailadressen").fill(f"Bos, Anna <{ANNA}>\n{JAN}\n{cast.member.email}")
    desk.get_by_label("Persoonlijk bericht").fill("Doe je mee?")
    press(desk, "Uitnodigingen versturen")
    expect(desk.get_by_text("2 uitnodigingen zijn onderweg.")).to_be_visible()
    expect(desk.get_by_role("alert")).to_contain_text("Deze persoon is al lid.")
    expect(desk.get_by_label("E-mailadressen")).to_have_value(cast.member.email)
    page.goto(link_for(ANNA, live_server))
    expect(page.get_by_label("E-mailadres", exact=True)).to_have_value(ANNA)
    expect(page.get_by_label("Je naam")).to_have_value("Anna Bos")
    come_in(page, "Anna Bos")
    desk.goto("/people/invitations")
    press(desk, f"Intrekken: de uitnodiging van {JAN}")
    expect(desk.get_by_text("1 uitnodiging is ingetrokken.")).to_be_visible()
    expect(desk.get_by_role("link", name="Anna Bos")).to_be_visible()
    desk.goto(link_for(JAN, live_server))
    expect(desk.get_by_role("heading", level=1)).to_have_text("Deze uitnodiging werkt niet (meer)")


@both_ways
def test_who_asks_is_let_in(page: Page, cast: Cast, visit: Visit, live_server: LiveServer) -> None:
    change = {"entry_domains": ("voorbeeldstad.example",), "entry_requests": True}
    settings.change(change, cast.administrator)
    db.session.commit()
    forget_site()
    page.goto("/login")
    page.get_by_role("link", name="Nog geen account? Vraag er een aan").click()
    page.get_by_label("E-mailadres").fill(JAN)
    press(page, "Verder")
    expect(page.get_by_label("E-mailadres")).to_have_value(JAN)
    page.get_by_label("Je naam").fill("Jan Elders")
    page.get_by_label("Waarom wil je meedoen?").fill("Ik wil graag leren.")
    press(page, "Verzoek versturen")
    expect(page.get_by_role("heading", level=1)).to_have_text("Je verzoek is verstuurd")
    desk = visit(cast.manager, "/people/requests")
    expect(desk.get_by_role("main")).to_contain_text("Ik wil graag leren.")
    press(desk, "Niet toelaten: Jan Elders")
    expect(desk.get_by_role("alert")).to_contain_text("Schrijf waarom niet")
    press(desk, "Toelaten: Jan Elders")
    expect(desk.get_by_text("Jan Elders krijgt een uitnodiging per mail.")).to_be_visible()
    page.goto(link_for(JAN, live_server))
    come_in(page, "Jan Elders")
    page.context.clear_cookies()
    page.goto("/login")
    sign_in(page, JAN, PASSWORD)
    expect(page).not_to_have_url(re.compile("/login"))
