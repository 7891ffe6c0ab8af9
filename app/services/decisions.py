"""Decisions: how long someone can object, how they end, and how they are taken back."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from app.extensions import db
from app.lib.clock import now
from app.models import Comment, Content, Decision, User
from app.queries.content import comment_visible, detail
from app.services import moderation
from app.services.activity import Verb
from app.site import site

Subject = Content | Comment
COLUMNS = {Verb.SILENCED: "silenced_until", Verb.SUSPENDED: "suspended_until"}
ON_PEOPLE = (Verb.WARNED, Verb.SILENCED, Verb.SUSPENDED)


def objects_until(decision: Decision) -> datetime:
    """Return until when the person can object."""
    return decision.created_at + timedelta(days=site().appeal_days)


def subject_of(decision: Decision) -> Subject | None:
    """Return the text that a decision is about with all that measures need; None when it is gone."""
    if decision.comment_id is not None:
        return db.session.scalar(comment_visible(decision.comment_id))
    if decision.content_id is not None:
        return db.session.scalar(detail(Content, decision.content_id))
    return None


def end(decision: Decision, actor: User) -> bool:
    """Let a decision be taken back, once; what it did to its person is set anew."""
    ended = db.session.execute(
        update(Decision)
        .where(Decision.id == decision.id, Decision.ended_at.is_(None))
        .values(ended_at=now(), ended_by_id=actor.id)
        .execution_options(synchronize_session=False)
    )
    if not ended.rowcount:  # type: ignore[attr-defined]  # an UPDATE has a row count
        return False
    db.session.expire(decision, ["ended_at", "ended_by_id", "ended_by"])
    apply_to_person(decision.person_id)
    return True


def apply_to_person(person_id: int) -> None:
    """Let someone be silenced and suspended as long as the decisions say that were not taken back."""
    values = {}
    for verb, column in COLUMNS.items():
        found = select(func.max(Decision.until)).where(
            Decision.person_id == person_id,
            Decision.measure == verb.value,
            Decision.ended_at.is_(None),
        )
        values[column] = db.session.scalar(found)
    db.session.execute(update(User).where(User.id == person_id).values(**values))


def take_back(decision: Decision, actor: User, reason: str) -> bool:
    """Undo what a decision did; False when that does not go by itself, and someone has to do it.

    What was taken back already stays as it is.
    """
    if decision.ended_at is not None:
        return True
    measure = Verb(decision.measure)
    if measure in ON_PEOPLE:
        return end(decision, actor)
    subject = subject_of(decision)
    if subject is None:
        return True
    return undo(measure, subject, actor, reason)


def undo(measure: Verb, subject: Subject, actor: User, reason: str) -> bool:
    """Undo a measure on a text; False for one that someone has to undo by hand."""
    if measure in (Verb.HIDDEN, Verb.REJECTED):
        moderation.restore(subject, actor, reason)
    elif measure is Verb.LOCKED and isinstance(subject, Content):
        moderation.unlock(subject, actor, reason)
    elif measure is Verb.SLOWED and isinstance(subject, Content):
        moderation.unslow(subject, actor, reason)
    else:
        return False
    return True
