"""What has served is deleted at night, after as many days as the settings say."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from app.extensions import db
from app.lib.clock import now
from app.models import Attempt, AttemptKind, Notification, OutgoingMail
from app.services import jobs
from tests import settings
from tests.cast import Cast


def a_mail(number: int, **values: object) -> None:
    db.session.add(
        OutgoingMail(message_id=f"<{number}@x>", recipient="a@b", subject=f"{number}", **values)
    )


def news(cast: Cast, **values: object) -> None:
    db.session.add(Notification(user_id=cast.member.id, verb="replied", **values))


def left(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def tidied(*, days: float) -> None:
    with time_machine.travel(now() + timedelta(days=days)):
        jobs.tidy()


def test_sent_mail_goes_and_so_does_what_was_given_up(cast: Cast) -> None:
    settings.change(keep_mail_days=30)
    a_mail(1, sent_at=now())
    a_mail(2, failed_at=now())
    a_mail(3)
    db.session.commit()
    tidied(days=29.9)
    assert left(OutgoingMail) == 3
    tidied(days=30.1)
    assert db.session.scalars(select(OutgoingMail.subject)).all() == ["3"], "it may still leave"


def test_what_was_read_goes_and_the_rest_stays(cast: Cast) -> None:
    settings.change(keep_notifications_days=60)
    news(cast, read_at=now())
    news(cast, created_at=now() - timedelta(days=500))
    db.session.commit()
    tidied(days=59.9)
    assert left(Notification) == 2
    tidied(days=60.1)
    assert left(Notification) == 1
    assert db.session.scalars(select(Notification.read_at)).all() == [None]


@pytest.mark.parametrize("days", [1, 40])
def test_attempts_go_when_the_settings_say(cast: Cast, days: int) -> None:
    settings.change(keep_attempts_days=days)
    db.session.add(Attempt(kind=AttemptKind.SIGN_IN, email="a@b", address="127.0.0.1"))
    db.session.commit()
    tidied(days=days - 0.1)
    assert left(Attempt) == 1
    tidied(days=days + 0.1)
    assert left(Attempt) == 0


def test_much_goes_in_parts(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that others can write in between; nothing is left behind."""
    monkeypatch.setattr(jobs, "BATCH", 3)
    for number in range(8):
        a_mail(number, sent_at=now())
    db.session.commit()
    tidied(days=100)
    assert left(OutgoingMail) == 0
