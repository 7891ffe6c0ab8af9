"""Objections: made once, decided by someone else, and taken back by itself where that can be."""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload, selectinload

from app.extensions import db
from app.lib.clock import now
from app.models import (
    Appeal,
    AppealState,
    Decision,
    Membership,
    Notification,
    User,
)
from app.policy import Ability, can, keeping_order
from app.queries import decisions as queries
from app.services import activity, decisions, outbox, reactions
from app.services.activity import Verb
from app.site import site

VERBS = {AppealState.UPHELD: Verb.APPEAL_UPHELD, AppealState.DISMISSED: Verb.APPEAL_DISMISSED}

IN_ROLES = (
    selectinload(User.grants), selectinload(User.memberships).joinedload(Membership.group),
)  # fmt: skip
"""What tells what someone may do."""


class DecidedMeanwhile(Exception):
    """Someone else decided about this objection just before."""


def due() -> timedelta:
    """Return how long deciding about an objection may take."""
    return timedelta(days=site().appeal_days)


def file(decision: Decision, body: str, entered_by: User | None = None) -> bool:
    """Object to a decision; False when that was done already. All who may decide hear of it.

    `entered_by` writes it down for who cannot sign in.
    """
    new = reactions.add_once(
        Appeal, decision_id=decision.id, body=body, state=AppealState.OPEN, created_at=now(),
        due_at=now() + due(), entered_by_id=entered_by.id if entered_by else None,
    )  # fmt: skip
    if new:
        tell_deciders(decision, Verb.APPEALED, entered_by or decision.person)
    return new


def tell_deciders(decision: Decision, verb: Verb, actor: User | None) -> None:
    """Let all who may decide about an objection hear of it, here and by mail."""
    for person in deciders(decision):
        if actor is None or person.id != actor.id:
            activity.notify(person.id, verb, decision, actor)
            outbox.post(person, verb.value, decision=decision)


def deciders(decision: Decision) -> list[User]:
    """Return who may decide about an objection. The group of the decision must be loaded."""
    found = select(User).where(keeping_order(decision.group_id)).order_by(User.id)
    return [
        person
        for person in db.session.scalars(found.options(*IN_ROLES))
        if can(person, Ability.DECIDE_APPEAL, decision)
    ]


def decide(decision: Decision, actor: User, state: AppealState, reason: str) -> bool:
    """Decide about the objection to a decision; False when something is left to undo by hand.

    Upheld, the measure is taken back. Logged, and told to who objected. Raises DecidedMeanwhile.
    """
    settled = db.session.execute(
        update(Appeal)
        .where(Appeal.decision_id == decision.id, Appeal.decided_at.is_(None))
        .values(state=state, reason=reason, decided_by_id=actor.id, decided_at=now())
        .execution_options(synchronize_session=False)
    )
    if not settled.rowcount:  # type: ignore[attr-defined]  # an UPDATE has a row count
        raise DecidedMeanwhile
    done = state is AppealState.DISMISSED or decisions.take_back(decision, actor, reason)
    subject = decisions.subject_of(decision) or decision.person
    activity.record(VERBS[state], subject, actor, reason=reason, result=decision.measure)
    activity.notify(decision.person_id, VERBS[state], decision, actor, reason)
    if decision.person.is_active:
        outbox.post(
            decision.person, VERBS[state].value, decision=decision, actor=actor, reason=reason
        )
    tell_who_decided(decision, VERBS[state], actor, reason)
    forget_news(decision)
    return done


def tell_who_decided(decision: Decision, verb: Verb, actor: User, reason: str) -> None:
    """Let who took the decision learn what another found of it, while they may still read it."""
    found = select(User).where(User.id == decision.actor_id, User.deactivated_at.is_(None))
    person = db.session.scalar(found.options(*IN_ROLES))
    if person is not None and can(person, Ability.SEE_DECISION, decision):
        activity.notify(person.id, verb, decision, actor, reason)


def forget_news(decision: Decision) -> None:
    """Nobody has to look at an objection any more."""
    db.session.execute(
        update(Notification)
        .where(
            Notification.decision_id == decision.id,
            Notification.verb.in_([Verb.APPEALED.value, Verb.APPEAL_LATE.value]),
            Notification.read_at.is_(None),
        )
        .values(read_at=now())
        .execution_options(synchronize_session=False)
    )


def remind() -> int:
    """Tell who may decide which objections wait too long, each once. Return how many these are."""
    late = select(Appeal).where(
        Appeal.decided_at.is_(None), Appeal.due_at <= now(), Appeal.reminded_at.is_(None)
    )
    found = db.session.scalars(
        late.options(joinedload(Appeal.decision).options(*queries.SHOWN)).order_by(Appeal.id)
    ).all()
    for appeal in found:
        appeal.reminded_at = now()
        tell_deciders(appeal.decision, Verb.APPEAL_LATE, None)
    db.session.commit()
    return len(found)
