"""Measures on people: a warning, then reading without writing, then no entry for a while.

Each is logged once, kept as a decision, and told to the person here and by mail.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.models import AppealState, Decision, Grant, Role, User
from app.services import activity, decisions, moderation, outbox, sessions
from app.services.activity import Grounds, Verb

LADDER = decisions.ON_PEOPLE
"""From the lightest measure to the heaviest."""
SENT_TWICE = timedelta(minutes=10)


class MeasureRefused(Exception):
    """This measure is not possible; the text says why, in the reader's language."""


def counting(earlier: Iterable[Decision]) -> list[Verb]:
    """Return which measures on a person count: not those of which an objection was found right.

    The objections must be loaded.
    """
    return [
        Verb(decision.measure)
        for decision in earlier
        if decision.measure in LADDER
        and not (decision.appeal and decision.appeal.state is AppealState.UPHELD)
    ]


def suggested(earlier: Iterable[Decision]) -> Verb:
    """Return the measure that is in proportion: one step heavier than the heaviest before."""
    steps = [LADDER.index(measure) for measure in counting(earlier)]
    return LADDER[min(max(steps, default=-1) + 1, len(LADDER) - 1)]


def is_leap(measure: Verb, earlier: Iterable[Decision]) -> bool:
    """Tell whether a measure is heavier than what is in proportion."""
    return LADDER.index(measure) > LADDER.index(suggested(earlier))


def take(
    measure: Verb, person: User, actor: User, reason: str, *, rule: str = "",
    until: date | None = None,
) -> Decision | None:  # fmt: skip
    """Take a measure on a person, until the end of a day; None when it was just taken.

    Raises MeasureRefused where it would leave the community without a manager.
    """
    if person.id == actor.id:
        raise MeasureRefused(_("You cannot take a measure on yourself."))
    db.session.execute(select(User.id).where(User.id == person.id).with_for_update())
    end = moderation.end_of(until) if until else None
    if end is not None:
        refuse_last_manager(person)
    if was_just_taken(measure, person, actor, Grounds(rule, end), reason):
        return None
    decided = activity.record(
        measure, person, actor, reason=reason, result=moderation.until_text(until),
        grounds=Grounds(rule, end),
    )  # fmt: skip
    assert decided is not None, "a measure on someone else is kept as a decision"
    decisions.apply_to_person(person.id)
    if measure is Verb.SUSPENDED:
        sessions.end_all(person.id)
    activity.notify(person.id, measure, decided, actor, moderation.told(reason, Grounds(rule)))
    outbox.post(
        person, f"person_{measure}", decision=decided, actor=actor,
        objects_until=decisions.objects_until(decided),
    )  # fmt: skip
    return decided


def was_just_taken(measure: Verb, person: User, actor: User, grounds: Grounds, reason: str) -> bool:
    """Tell whether this is a form that was sent twice."""
    same = select(Decision.id).where(
        Decision.person_id == person.id, Decision.actor_id == actor.id,
        Decision.measure == measure.value, Decision.reason == reason,
        Decision.rule == grounds.rule, Decision.until == grounds.until,
        Decision.ended_at.is_(None), Decision.created_at > now() - SENT_TWICE,
    )  # fmt: skip
    return db.session.scalar(same) is not None


def refuse_last_manager(person: User) -> None:
    """Raise MeasureRefused when no other manager would be left who can read and write."""
    managers = db.session.scalars(
        select(User)
        .join(Grant, Grant.user_id == User.id)
        .where(Grant.role == Role.MANAGER, User.deactivated_at.is_(None))
        .order_by(User.id)
        .with_for_update(of=User)
        .execution_options(populate_existing=True)
    ).all()
    if person.id not in {manager.id for manager in managers}:
        return
    if not any(
        manager.id != person.id and not manager.is_suspended and not manager.is_silenced
        for manager in managers
    ):
        raise MeasureRefused(_("This is the last manager. First make someone else one."))


def end(decision: Decision, actor: User, reason: str) -> bool:
    """End a measure on a person before its time; False when it ended already. `person` is loaded."""
    if not decision.in_force or not decisions.end(decision, actor):
        return False
    person = decision.person
    activity.record(
        Verb.MEASURE_ENDED, person, actor, reason=reason, result=decision.measure
    )  # fmt: skip
    activity.notify(person.id, Verb.MEASURE_ENDED, decision, actor, reason)
    if person.is_active:
        outbox.post(person, "measure_ended", decision=decision, actor=actor, reason=reason)
    return True
