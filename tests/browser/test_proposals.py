"""What members know comes into the wiki: proposed by them, decided by specialists."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import LiveServer, Visit
from tests.browser.mails import mails
from tests.browser.steps import choose, press
from tests.cast import Cast, comment, discussion, wiki_page
from tests.marks import both_ways


def title_is(page: Page, title: str) -> None:
    """Expect this as the one heading of the page."""
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


@both_ways
def test_a_discussion_is_recorded_in_the_wiki(
    visit: Visit, cast: Cast, live_server: LiveServer, javascript: bool
) -> None:
    asked = discussion(cast.other, "Hoe vraag ik uitstel?", theme=cast.theme)
    comment(asked, cast.blogger, "Bel eerst de schuldeiser.")
    member = visit(cast.member, f"/discussions/{asked.id}")
    choose(member.locator("article"), "Meer over deze discussie", "Vastleggen in wiki")
    expect(member.get_by_label("Thema")).to_have_value(str(cast.theme.id))
    expect(member.get_by_label("Tekst")).to_have_value(re.compile("Otto Ander"))
    member.get_by_label("Titel").fill("Uitstel van betaling")
    member.get_by_label("Tekst").fill("Bel **eerst** de schuldeiser.")
    member.get_by_label("Waarom?").fill("Dit vragen velen.")
    press(member, "Voorbeeld")
    expect(member.locator("#preview strong")).to_have_text("eerst")
    press(member, "Voorstellen")
    expect(member.get_by_text("Je voorstel ligt bij de specialisten")).to_be_visible()

    desk = visit(cast.specialist)
    desk.get_by_role("link", name="1 voorstel voor de wiki").click()
    desk.get_by_role("link", name="Uitstel van betaling").click()
    expect(desk.get_by_text("Dit vragen velen.")).to_be_visible()
    desk.get_by_role("link", name="Aanpassen en overnemen").click()
    desk.get_by_label("Titel").fill("Uitstel vragen")
    desk.get_by_label("Tekst").first.fill("Bel eerst de schuldeiser. Leg het vast.")
    press(desk, "In de wiki zetten")
    title_is(desk, "Uitstel vragen")
    expect(desk.get_by_text("Lotte Lid krijgt bericht.")).to_be_visible()
    thanks = desk.locator(".k-origin")
    expect(thanks).to_contain_text("Met dank aan Bea Blogger, Lotte Lid, Otto Ander")
    thanks.get_by_role("link", name="Hoe vraag ik uitstel?").click()
    title_is(desk, "Hoe vraag ik uitstel?")

    assert "heeft je voorstel in de wiki gezet" in mails(live_server)[cast.member.email]
    member.goto("/notifications")
    press(member.locator(".k-row", has_text="in de wiki gezet"), "Bekijken")
    member.get_by_role("link", name="Bekijk de pagina").click()
    title_is(member, "Uitstel vragen")
    member.goto(f"/discussions/{asked.id}")
    led_to = member.locator("#led-to")
    expect(led_to).to_contain_text("Dit leidde tot")
    if not javascript:  # the list stands on a page of its own
        led_to.get_by_role("link").click()
    member.get_by_role("main").get_by_role("link", name="Uitstel vragen").click()
    title_is(member, "Uitstel vragen")


@both_ways
def test_a_suggested_change_is_declined_with_a_reason(
    visit: Visit, cast: Cast, live_server: LiveServer
) -> None:
    made = wiki_page(cast.specialist, cast.theme, "Loket", "Het loket sluit om vier uur.")
    member = visit(cast.member, f"/wikis/{made.id}")
    member.get_by_role("link", name="Stel een wijziging voor").click()
    expect(member.get_by_label("Tekst")).to_have_value("Het loket sluit om vier uur.")
    press(member, "Voorstellen")
    expect(member.get_by_role("alert")).to_contain_text("nog niets veranderd")
    member.get_by_label("Tekst").fill("Het loket sluit om vijf uur.")
    press(member, "Voorstellen")
    expect(member.locator(".diff ins")).to_have_text("vijf")

    desk = visit(cast.specialist, "/proposals")
    desk.get_by_role("link", name="Loket").click()
    expect(desk.locator(".diff del")).to_have_text("vier")
    desk.get_by_role("link", name="Afwijzen").click()
    press(desk, "Afwijzen")
    expect(desk.get_by_role("alert")).to_contain_text("Reden")
    desk.get_by_label("Reden").fill("Vanaf januari pas.")
    press(desk, "Afwijzen")
    expect(desk.get_by_text("Het voorstel is afgewezen.")).to_be_visible()
    expect(desk.get_by_text("Geen voorstellen")).to_be_visible()

    assert "Vanaf januari pas." in mails(live_server)[cast.member.email]
    member.goto("/proposals")
    member.get_by_role("link", name="Loket").click()
    expect(member.get_by_text("Vanaf januari pas.")).to_be_visible()
    member.goto(f"/wikis/{made.id}")
    expect(member.get_by_text("Het loket sluit om vier uur.")).to_be_visible()
