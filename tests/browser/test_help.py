"""A member asks the community manager something, and reads the answer."""

from playwright.sync_api import expect

from tests.browser.conftest import LiveServer, Visit
from tests.browser.mails import mails
from tests.browser.steps import press
from tests.cast import Cast
from tests.marks import both_ways


@both_ways
def test_a_question_from_a_wiki_page_is_answered(
    visit: Visit, cast: Cast, live_server: LiveServer
) -> None:
    page = visit(cast.member, "/wikis/themes/schuldhulp")
    page.get_by_role("link", name="Vraag of je specialist kunt worden").click()
    expect(page.get_by_label("Ik wil themaspecialist worden")).to_be_checked()
    expect(page.get_by_role("combobox")).to_have_value(str(cast.theme.id))
    expect(page.get_by_text("Je vraagt dit vanaf:")).to_contain_text("/wikis/themes/schuldhulp")
    press(page, "Versturen")
    expect(page.get_by_role("alert")).to_contain_text("Je vraag")
    page.get_by_role("textbox", name="Je vraag").fill("Ik schreef de handreiking.")
    press(page, "Versturen")
    expect(page.get_by_text("Je vraag is verstuurd.")).to_be_visible()
    assert "Ik schreef de handreiking." in mails(live_server)[cast.manager.email]

    desk = visit(cast.manager)
    desk.get_by_role("link", name="1 vraag aan de communitymanager").click()
    desk.get_by_role("link", name="Ik schreef de handreiking.").click()
    expect(desk.get_by_role("link", name="Een rol geven")).to_be_visible()
    expect(desk.get_by_role("link", name="/wikis/themes/schuldhulp")).to_be_visible()
    desk.get_by_label("Jouw antwoord").fill("Goed idee. Ik regel het vandaag.")
    press(desk, "Antwoord versturen")
    expect(desk.get_by_text("Je antwoord is naar Lotte Lid gestuurd.")).to_be_visible()
    desk.goto("/")
    expect(desk.get_by_text("Er wacht nu niets op je.")).to_be_visible()

    assert "Ik regel het vandaag." in mails(live_server)[cast.member.email]
    page.goto("/help-requests")
    page.get_by_role("link", name="Ik schreef de handreiking.").click()
    expect(page.get_by_text("Goed idee. Ik regel het vandaag.")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Mina Manager")
