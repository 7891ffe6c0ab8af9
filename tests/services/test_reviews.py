"""Reminders to look through wiki pages: in time, weekly when late, once a day, in one mail."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.models import (
    Notification,
    OutgoingMail,
    Role,
    Standing,
    User,
    WikiPage,
)
from app.services import reviews
from app.services.activity import Verb
from tests.cast import Cast, person, wiki_page

DUE = date(2027, 3, 31)


def at(day: date, hour: int = 6) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo("Europe/Amsterdam"))


def reminded(day: date, hour: int = 6) -> int:
    with time_machine.travel(at(day, hour), tick=False):
        return reviews.remind()


def heard(user: User) -> list[str]:
    found = select(Notification.verb).where(Notification.user_id == user.id)
    return list(db.session.scalars(found.order_by(Notification.id)))


def mails() -> list[tuple[str, str]]:
    found = select(OutgoingMail).order_by(OutgoingMail.id)
    return [(mail.recipient, mail.body) for mail in db.session.scalars(found)]


@pytest.fixture
def page(cast: Cast) -> WikiPage:
    """Return a page in force that its owner must look through before DUE."""
    return wiki_page(cast.specialist, cast.theme, "Huurtoeslag", owner=cast.other, review_on=DUE)


def test_once_ahead_then_weekly(cast: Cast, page: WikiPage) -> None:
    days = [DUE + timedelta(days=number) for number in range(-20, 16)]
    told = [(day - DUE).days for day in days if reminded(day)]
    assert told == [-14, 0, 7, 14]


def test_a_second_time_on_one_day_does_nothing(cast: Cast, page: WikiPage) -> None:
    for day in (DUE - timedelta(days=14), DUE):
        assert [reminded(day), reminded(day, 7), reminded(day, 23)] == [1, 0, 0]
    assert heard(cast.other) == [Verb.REVIEW_OVERDUE.value], "what was not read yet is replaced"
    assert len(mails()) == 2


def test_a_job_that_slept_says_what_is_true_now(cast: Cast, page: WikiPage) -> None:
    assert reminded(DUE + timedelta(days=40)) == 1
    assert heard(cast.other) == [Verb.REVIEW_OVERDUE.value]


def test_one_mail_names_all_pages(cast: Cast, page: WikiPage) -> None:
    late = wiki_page(cast.specialist, cast.theme, "Bijstand", owner=cast.other)
    late.review_on = DUE - timedelta(days=30)
    db.session.commit()
    assert reminded(DUE - timedelta(days=10)) == 2
    ((recipient, body),) = mails()
    assert recipient == cast.other.email
    assert body.index("Bijstand") < body.index("Huurtoeslag")
    assert f"/wikis/{page.id}-{page.slug}" in body and "31 maart 2027" in body


def test_without_an_owner_the_specialists_hear(cast: Cast, page: WikiPage) -> None:
    colleague = person("Cora Collega", Role.SPECIALIST, theme=cast.theme)
    cast.other.deactivated_at = now()
    db.session.commit()
    assert reminded(DUE) == 1
    assert heard(cast.other) == []
    assert heard(colleague) == heard(cast.specialist) == [Verb.REVIEW_OVERDUE.value]
    assert {recipient for recipient, _body in mails()} == {colleague.email, cast.specialist.email}


@pytest.mark.parametrize("standing", [Standing.CONCEPT, Standing.OFFERED, Standing.EXPIRED])
def test_only_what_is_in_force_and_in_sight_counts(
    cast: Cast, page: WikiPage, standing: Standing
) -> None:
    page.standing = standing
    db.session.commit()
    assert reminded(DUE) == 0
    page.standing, page.hidden_at = Standing.IN_FORCE, now()
    db.session.commit()
    assert reminded(DUE) == 0


def test_who_confirms_hears_again_next_time(cast: Cast, page: WikiPage) -> None:
    assert reminded(DUE) == 1
    with time_machine.travel(at(DUE, 9), tick=False):
        reviews.confirm(page, cast.other, 1)
        db.session.commit()
    assert page.review_on == date(2028, 3, 31)
    assert reminded(DUE + timedelta(days=8)) == 0
    assert reminded(date(2028, 3, 20)) == 1
