"""The community manager grants roles and makes groups."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import LiveServer, Visit
from tests.browser.mails import mails
from tests.browser.steps import press
from tests.cast import Cast
from tests.marks import both_ways


def may_make_pages(page: Page, theme: str) -> bool:
    """Tell whether someone is offered to make a page in the wiki of a theme."""
    page.goto(f"/wikis/themes/{theme}")
    return page.get_by_role("link", name="Nieuwe pagina").count() > 0


@both_ways
def test_a_role_is_granted_with_a_theme_and_withdrawn(
    visit: Visit, cast: Cast, live_server: LiveServer
) -> None:
    page = visit(cast.manager, "/people")
    page.get_by_label("Naam").fill("otto")
    press(page, "Zoeken")
    expect(page.locator(".k-row")).to_have_count(1)
    page.get_by_role("link", name="Otto Ander").click()
    page.get_by_role("link", name="Een rol geven").click()
    page.get_by_label("Rol").select_option(label="Themaspecialist")
    page.get_by_label("Thema").select_option(label="Schuldhulp")
    press(page, "Rol geven")
    expect(page.get_by_role("alert")).to_contain_text("Reden")
    expect(page.get_by_label("Thema")).to_have_value(str(cast.theme.id))
    page.get_by_label("Reden").fill("Schreef de handreiking.")
    press(page, "Rol geven")
    expect(page.get_by_text("De rol is gegeven.")).to_be_visible()
    assert "Schreef de handreiking." in mails(live_server)[cast.other.email]

    person = visit(cast.other)
    assert may_make_pages(person, cast.theme.slug)
    assert not may_make_pages(person, cast.other_theme.slug)

    page.get_by_role("link", name="De rol Themaspecialist: Schuldhulp intrekken").click()
    page.get_by_label("Reden").fill("Op eigen verzoek.")
    press(page, "Rol intrekken")
    expect(page.get_by_text("De rol is ingetrokken.")).to_be_visible()
    assert "Op eigen verzoek." in mails(live_server)[cast.other.email]
    assert not may_make_pages(person, cast.theme.slug)
    page.goto("/moderation/log")
    expect(page.locator(".k-log__row").first).to_contain_text("Rol ingetrokken")


@both_ways
def test_a_closed_group_is_for_its_members(visit: Visit, cast: Cast) -> None:
    page = visit(cast.manager, "/groups")
    page.get_by_role("link", name="Een groep maken").click()
    page.get_by_label("Naam", exact=True).fill("Projectteam Inkoop")
    page.get_by_label("Gesloten groep.").check()
    page.get_by_label("Eerste eigenaar").fill(cast.blogger.name)
    page.get_by_label("Tweede eigenaar").fill(cast.specialist.name)
    press(page, "Groep maken")
    expect(page.get_by_text("De groep Projectteam Inkoop is gemaakt.")).to_be_visible()

    owner = visit(cast.blogger, "/groups")
    owner.get_by_role("link", name="Projectteam Inkoop").click()
    owner.get_by_role("link", name="Leden beheren").click()
    owner.get_by_label("Naam of e-mailadres").fill("lotte")
    press(owner, "Zoeken")
    press(owner, "Lotte Lid direct toevoegen")
    expect(owner.get_by_text("Lotte Lid is nu lid.")).to_be_visible()
    owner.goto("/groups")
    owner.get_by_role("link", name="Projectteam Inkoop").click()
    owner.get_by_role("link", name="Start een discussie").first.click()
    expect(owner.get_by_label("Wie kan dit lezen?").locator("option:checked")).to_have_text(
        "Alleen de groep Projectteam Inkoop"
    )
    owner.get_by_label("Titel").fill("Offertes vergelijken")
    owner.get_by_label("Tekst").fill("Dit blijft onder ons.")
    press(owner, "Plaatsen")
    expect(owner.get_by_role("heading", level=1)).to_have_text("Offertes vergelijken")

    member = visit(cast.member)
    member.get_by_role("link", name="Offertes vergelijken").first.click()
    expect(member.get_by_text("Dit blijft onder ons.")).to_be_visible()
    expect(member.locator(".k-article")).to_contain_text("alleen leden van Projectteam Inkoop")
    stranger = visit(cast.other, "/discussions")
    expect(stranger.get_by_text("Offertes vergelijken")).to_have_count(0)
    stranger.goto(owner.url)
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Deze pagina bestaat niet")
