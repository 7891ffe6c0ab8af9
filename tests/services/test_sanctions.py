"""Measures on people: in proportion, added up, and each told once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.forms import today
from app.lib.clock import now
from app.models import Appeal, AppealState, Decision, LogEntry, Notification, OutgoingMail
from app.queries import decisions as queries
from app.services import decisions, sanctions
from app.services.activity import Verb
from tests.cast import Cast, decision, discussion


def earlier(cast: Cast) -> list[Decision]:
    return list(db.session.scalars(queries.about(cast.other.id)))


@pytest.mark.parametrize(
    "before, fitting",
    [
        ((), Verb.WARNED),
        (("warned",), Verb.SILENCED),
        (("warned", "silenced"), Verb.SUSPENDED),
        (("silenced", "warned"), Verb.SUSPENDED),
        (("suspended",), Verb.SUSPENDED),
    ],
)
def test_a_step_heavier_than_before_fits(
    cast: Cast, before: tuple[str, ...], fitting: Verb
) -> None:
    for measure in before:
        decision(cast.other, cast.manager, measure=measure)
    decision(cast.member, cast.manager, measure="suspended")
    decision(cast.other, cast.moderator, discussion(cast.other))
    found = earlier(cast)
    assert sanctions.suggested(found) is fitting
    assert sanctions.is_leap(Verb.SUSPENDED, found) is (fitting is not Verb.SUSPENDED)
    assert not sanctions.is_leap(Verb.WARNED, found)


@pytest.mark.parametrize("state, counts", [(AppealState.UPHELD, False), (AppealState.DISMISSED, True)])  # fmt: skip
def test_what_an_objection_undid_does_not_count(
    cast: Cast, state: AppealState, *, counts: bool
) -> None:
    made = decision(cast.other, cast.manager)
    db.session.add(Appeal(decision=made, body="Nee.", due_at=now(), state=state))
    db.session.commit()
    assert (sanctions.suggested(earlier(cast)) is Verb.SILENCED) is counts


def test_the_latest_end_holds(cast: Cast) -> None:
    days = (5, 2)
    first, second = (
        sanctions.take(
            Verb.SILENCED, cast.other, cast.manager, f"Reden {each}.",
            until=today() + timedelta(days=each),
        )
        for each in days
    )  # fmt: skip
    assert first and second
    db.session.refresh(cast.other)
    assert cast.other.silenced_until == first.until
    assert decisions.end(first, cast.manager)
    db.session.refresh(cast.other)
    assert cast.other.silenced_until == second.until
    assert decisions.end(second, cast.manager)
    assert not decisions.end(second, cast.manager), "it was ended before"
    db.session.refresh(cast.other)
    assert cast.other.silenced_until is None


def test_the_same_twice_is_once_and_another_reason_is_another(cast: Cast) -> None:
    for reason, new in (("Let op.", True), ("Let op.", False), ("Alweer.", True)):
        made = sanctions.take(Verb.WARNED, cast.other, cast.manager, reason)
        assert (made is not None) is new
    for model in (LogEntry, Decision, Notification, OutgoingMail):
        assert len(db.session.scalars(select(model)).all()) == 2, model


def test_what_was_taken_back_can_be_done_again(cast: Cast) -> None:
    made = sanctions.take(Verb.WARNED, cast.other, cast.manager, "Let op.")
    assert made is not None
    assert sanctions.end(made, cast.manager, "Vergissing.")
    assert not sanctions.end(made, cast.manager, "Nog eens.")
    assert sanctions.take(Verb.WARNED, cast.other, cast.manager, "Let op.")


def test_what_ended_by_itself_is_not_ended(cast: Cast) -> None:
    past = now() - timedelta(days=1)
    made = decision(cast.other, cast.manager, measure="silenced", until=past)
    db.session.refresh(made, ["person"])
    assert not sanctions.end(made, cast.manager, "Het is klaar.")


def test_nobody_measures_themselves(cast: Cast) -> None:
    with pytest.raises(sanctions.MeasureRefused):
        sanctions.take(Verb.WARNED, cast.manager, cast.manager, "Ik was fout.")


def test_the_last_manager_who_can_write_stays(cast: Cast) -> None:
    """An administrator's command has no such right, but a service is asked all the same."""
    until = today() + timedelta(days=1)
    for measure in (Verb.SILENCED, Verb.SUSPENDED):
        with pytest.raises(sanctions.MeasureRefused, match="laatste communitymanager"):
            sanctions.take(measure, cast.manager, cast.administrator, "Stop.", until=until)
    assert sanctions.take(Verb.SUSPENDED, cast.administrator, cast.manager, "Stop.", until=until)
