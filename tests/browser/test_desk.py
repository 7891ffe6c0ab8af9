"""Who keeps the community going takes a question in hand, and it leaves the desk once answered."""

from datetime import timedelta

from playwright.sync_api import expect

from app.extensions import db
from app.lib.clock import now
from tests.browser.conftest import Visit
from tests.browser.steps import press, reply
from tests.cast import Cast, discussion
from tests.marks import both_ways

TITLE = "Wie weet hoe dit zit?"


@both_ways
def test_a_question_leaves_the_desk_when_someone_answers(visit: Visit, cast: Cast) -> None:
    asked = discussion(cast.member, TITLE)
    asked.published_at = asked.last_active_at = now() - timedelta(days=14)
    # What a new member writes waits there itself, for a first answer.
    cast.other.created_at = now() - timedelta(days=400)
    db.session.commit()
    desk = visit(cast.ambassador)
    desk.get_by_role("link", name="discussie wacht te lang op een antwoord").click()
    waiting = desk.locator(f"#waits-{asked.id}")
    press(waiting, f"Ik zorg hiervoor: {TITLE}")
    expect(waiting).to_contain_text("Jij zorgt hiervoor")
    colleague = visit(cast.manager, "/desk/attention")
    expect(colleague.locator(f"#waits-{asked.id}")).to_contain_text(cast.ambassador.name)

    answers = visit(cast.other, f"/discussions/{asked.id}")
    reply(answers, "Dat staat in artikel 4.")
    desk.goto("/desk/attention")
    expect(waiting).to_have_count(0)
    desk.get_by_role("link", name="Van mij").click()
    expect(desk.locator("main")).not_to_contain_text(TITLE)
