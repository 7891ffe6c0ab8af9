"""What a new member writes first waits for a moderator, when the community chose so."""

from playwright.sync_api import expect

from app.extensions import db
from app.services import settings
from tests.browser.conftest import LiveServer, Visit
from tests.browser.steps import press, reply
from tests.cast import Cast, discussion
from tests.marks import both_ways

WORDS = "Bij ons geeft het opleidingshuis die cursus."


@both_ways
def test_a_first_reply_is_let_through(
    visit: Visit, cast: Cast, live_server: LiveServer, javascript: bool
) -> None:
    with live_server.app.test_request_context():
        settings.change({"premoderated_posts": 1}, None)
        db.session.commit()
    asked = discussion(cast.blogger, "Wie kent een goede cursus?")
    newcomer = visit(cast.member, f"/discussions/{asked.id}")
    placed = reply(newcomer, WORDS)
    expect(placed).to_contain_text("Een moderator kijkt eerst naar je tekst.")
    reader = visit(cast.other, f"/discussions/{asked.id}")
    expect(reader.locator("main")).not_to_contain_text(WORDS)

    moderator = visit(cast.moderator)
    moderator.get_by_role("link", name="tekst wacht op goedkeuring").click()
    waiting = moderator.locator(".k-row", has_text=WORDS)
    press(waiting, f"Goedkeuren: {asked.title} van {cast.member.name}")
    expect(moderator.locator("main").get_by_text("Er wacht niets")).to_be_visible()

    newcomer.goto("/notifications")
    expect(newcomer.locator("main")).to_contain_text("is nu te lezen")
    reader.reload()
    expect(reader.locator("li.k-comment", has_text=WORDS)).to_be_visible()
