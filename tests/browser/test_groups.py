"""Someone asks to belong to a closed group, is let in, and feels welcome."""

from playwright.sync_api import expect

from app.extensions import db
from tests.browser.conftest import LiveServer, Visit
from tests.browser.mails import mails
from tests.browser.steps import press
from tests.cast import Cast
from tests.marks import both_ways


@both_ways
def test_someone_asks_to_be_let_in_and_reads_the_welcome(
    visit: Visit, cast: Cast, live_server: LiveServer
) -> None:
    cast.closed.welcome = "Fijn dat je er bent. Stel je even voor."
    db.session.commit()
    asker = visit(cast.member, f"/groups/{cast.closed.slug}")
    expect(asker.locator("main")).not_to_contain_text("Stel je even voor.")
    asker.get_by_role("link", name="Vraag of je lid mag worden").click()
    asker.locator("main textarea").fill("Ik werk ook met deze gezinnen.")
    press(asker, "Versturen")
    expect(asker.locator("main")).to_contain_text("Je verzoek wacht op antwoord")

    owner = visit(cast.group_owner, "/notifications")
    news = owner.locator(".k-row", has_text=f"{cast.member.name} wil graag lid worden")
    expect(news).to_contain_text("Ik werk ook met deze gezinnen.")
    press(news, "Bekijken")
    press(owner, f"{cast.member.name} toelaten")
    expect(owner.locator("#members + ul")).to_contain_text(cast.member.name)

    assert cast.closed.name in mails(live_server)[cast.member.email]
    asker.goto("/notifications")
    press(asker.locator(".k-row", has_text="Je hoort nu bij"), "Bekijken")
    expect(asker.locator("main")).to_contain_text("Stel je even voor.")
    expect(asker.get_by_role("link", name="Start een discussie").first).to_be_visible()
