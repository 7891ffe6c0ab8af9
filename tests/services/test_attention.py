"""Who sees to what waits: one of two at once, and what the clock does."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import select, update

from app.extensions import Kring, db
from app.models import Attention, Discussion, Membership, Notification, User
from app.queries import desk
from app.queries.desk import View
from app.services import attention
from app.services.activity import Verb
from tests.cast import Cast, comment, discussion
from tests.waiting import asked, held_by, long_ago, replied

HERE = ZoneInfo("Europe/Amsterdam")


@pytest.fixture
def settled(cast: Cast) -> Cast:
    """Return the cast as people who have been here long: nobody is new."""
    db.session.execute(update(User).values(created_at=long_ago()))
    db.session.commit()
    return cast


def at(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=HERE)


def told(user: User) -> list[str]:
    found = select(Notification.verb).where(Notification.user_id == user.id)
    return list(db.session.scalars(found))


def titles(reader: User, view: View) -> list[str]:
    found, order = desk.queue(reader, view)
    return [row.title for row in db.session.execute(order.sort(found, backwards=False))]


def looked(day: str) -> int:
    with time_machine.travel(at(day), tick=False):
        return attention.look()


def claims() -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(select(Attention.content_id)))


def run_together(app: Kring, work: Callable[[int], None], number: int) -> None:
    """Do some work in several threads, each with a session of its own, at the same moment."""
    start = threading.Barrier(number)

    def run(index: int) -> None:
        with app.app_context():
            start.wait()
            work(index)

    threads = [threading.Thread(target=run, args=(index,)) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_of_two_at_once_one_has_it(app: Kring, settled: Cast) -> None:
    content_id = asked(settled.member, "Wie weet dit?").id
    people = [settled.ambassador.id, settled.moderator.id, settled.manager.id]
    db.session.commit()
    outcomes: dict[int, str] = {}

    def claim(index: int) -> None:
        content = db.session.get_one(Discussion, content_id)
        user = db.session.get_one(User, people[index])
        try:
            attention.claim(content, user)
            outcomes[user.id] = "claimed"
            db.session.commit()
        except attention.TakenByAnother as taken:
            outcomes[people[index]] = taken.holder.name
            db.session.rollback()

    run_together(app, claim, len(people))
    db.session.rollback()
    holder = db.session.get_one(Attention, content_id).claimed_by_id
    assert holder is not None and outcomes[holder] == "claimed"
    name = db.session.get_one(User, holder).name
    assert sorted(outcomes.values()) == sorted(["claimed", name, name])


def test_days_off_do_not_count_as_waiting(settled: Cast) -> None:
    """Asked on Thursday before Christmas 2026, which with Boxing Day fills Friday and Saturday."""
    with time_machine.travel(at("2026-12-23T15:00"), tick=False):
        discussion(settled.member, "Kerstvraag")
    for day, waits in (
        ("2026-12-28T09:00", False), ("2026-12-29T14:00", False), ("2026-12-29T16:00", True),
    ):  # fmt: skip
        with time_machine.travel(at(day), tick=False):
            assert (titles(settled.ambassador, View.LATE) == ["Kerstvraag"]) is waits, day


def test_new_year_does_not_count_either(settled: Cast) -> None:
    with time_machine.travel(at("2026-12-30T10:00"), tick=False):
        discussion(settled.member, "Oudjaarsvraag")
    with time_machine.travel(at("2027-01-04T11:00"), tick=False):
        assert titles(settled.ambassador, View.LATE) == []
        assert titles(settled.ambassador, View.SOON) == ["Oudjaarsvraag"]
    with time_machine.travel(at("2027-01-05T11:00"), tick=False):
        assert titles(settled.ambassador, View.LATE) == ["Oudjaarsvraag"]


def test_the_manager_hears_once_of_what_waits_twice_as_long(settled: Cast) -> None:
    with time_machine.travel(at("2026-11-02T10:00"), tick=False):
        made = discussion(settled.member, "Vergeten")
    assert looked("2026-11-06T10:00") == 0
    assert looked("2026-11-09T11:00") == 0
    assert looked("2026-11-14T11:00") == 0, "a Saturday"
    assert [looked("2026-11-10T11:00"), looked("2026-11-10T12:00"), looked("2026-11-11T11:00")] == [
        1, 0, 0,
    ]  # fmt: skip
    assert told(settled.manager) == [Verb.ANSWER_LATE.value]
    assert told(settled.moderator) == []
    assert claims() == [made.id], "it shows that the manager has it"


def test_a_claim_that_brought_nothing_goes_up(settled: Cast) -> None:
    with time_machine.travel(at("2026-11-02T10:00"), tick=False):
        made = discussion(settled.member, "Beloofd")
        held_by(made, settled.moderator)
    assert looked("2026-11-04T11:00") == 0
    assert looked("2026-11-05T11:00") == 1
    assert told(settled.manager) == [Verb.ANSWER_LATE.value]


def test_what_is_very_old_is_not_told(settled: Cast) -> None:
    with time_machine.travel(at("2026-01-05T10:00"), tick=False):
        discussion(settled.member, "Heel oud")
    assert looked("2026-11-05T11:00") == 0
    assert titles(settled.manager, View.LATE) == ["Heel oud"]


def test_in_a_closed_group_its_leaders_hear_it(settled: Cast) -> None:
    with time_machine.travel(at("2026-11-02T10:00"), tick=False):
        for group in (settled.closed, settled.hidden):
            discussion(settled.insider, "Besloten", group=group)
    assert [looked("2026-11-11T11:00"), looked("2026-11-11T12:00")] == [1, 0]
    assert told(settled.manager) == told(settled.insider) == []
    assert told(settled.group_owner) == told(settled.group_moderator) == [Verb.ANSWER_LATE.value]


def test_a_manager_in_a_closed_group_hears_it(settled: Cast) -> None:
    with time_machine.travel(at("2026-11-02T10:00"), tick=False):
        discussion(settled.insider, "Besloten", group=settled.closed)
    db.session.add(Membership(user=settled.manager, group=settled.closed))
    db.session.commit()
    assert looked("2026-11-11T12:00") == 1
    assert told(settled.manager) == [Verb.ANSWER_LATE.value] and told(settled.group_owner) == []


def test_what_is_done_is_forgotten(settled: Cast) -> None:
    answered, waits, locked = (asked(settled.member, f"Vraag {number}") for number in range(3))
    for each in (answered, waits, locked):
        held_by(each, settled.moderator)
    replied(answered, settled.other)
    locked = db.session.get_one(Discussion, locked.id)
    locked.locked_at = locked.created_at
    db.session.commit()
    attention.look()
    assert claims() == [waits.id]


def test_who_sees_to_a_first_reply_keeps_it(settled: Cast) -> None:
    settled.other.created_at = datetime.now(HERE) - timedelta(days=1)
    db.session.commit()
    made = asked(settled.member, "Lang gesprek", 2)
    replied(made, settled.other)
    held_by(made, settled.moderator)
    attention.look()
    assert claims() == [made.id]
    comment(made, settled.blogger)
    attention.look()
    assert claims() == []
