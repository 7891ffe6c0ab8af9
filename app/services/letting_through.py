"""What waited is let through, and then happens as if it was written now; or it is rejected."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.extensions import db
from app.lib.clock import now
from app.models import Comment, Content, Discussion, LogEntry, User
from app.services import activity, comments, discussions
from app.services.activity import Grounds, Verb

Subject = Content | Comment
ENDS = (Verb.ACCEPTED, Verb.REJECTED, Verb.RESTORED)
"""How the waiting of a text ends, as the log tells it."""


def accept(subject: Subject, actor: User) -> bool:
    """Let a text through that waits; tell whether it still did."""
    if not still_waits(subject):
        return False
    show(subject)
    activity.record(Verb.ACCEPTED, subject, actor)
    return True


def reject(subject: Subject, actor: User, reason: str, grounds: Grounds) -> bool:
    """Keep a text out of sight for good; its author hears why. Tell whether it still waited."""
    if not still_waits(subject):
        return False
    subject.held_at = None
    subject.hidden_by_id, subject.hidden_reason = actor.id, reason
    activity.record(Verb.REJECTED, subject, actor, reason=reason, grounds=grounds)
    return True


def still_waits(subject: Subject) -> bool:
    """Read anew whether a text waits, and let nobody else decide about it meanwhile."""
    db.session.flush()
    columns = ["held_at", "hidden_at", "withdrawn_at"]
    db.session.refresh(subject, columns, with_for_update=True)
    return subject.held_at is not None and subject.withdrawn_at is None


def show(subject: Subject) -> None:
    """Show a text for the first time: those who should hear of it hear now, and only now."""
    load(subject)
    subject.held_at, subject.hidden_at = None, None
    subject.hidden_by_id, subject.hidden_reason = None, ""
    if isinstance(subject, Comment):
        subject.created_at = now()
        comments.appear(subject)
    elif isinstance(subject, Discussion):
        subject.published_at = subject.last_active_at = now()
        discussions.appear(subject)


def load(subject: Subject) -> None:
    """Load what is needed to tell of a text, whatever it was read with."""
    piece = subject.content_id if isinstance(subject, Comment) else subject.id
    wanted = (joinedload(Content.author), joinedload(Content.group), selectinload(Content.tags))
    db.session.scalar(select(Content).where(Content.id == piece).options(*wanted))
    if isinstance(subject, Comment):
        both = (joinedload(Comment.author), joinedload(Comment.content))
        db.session.scalar(select(Comment).where(Comment.id == subject.id).options(*both))


def was_never_shown(subject: Subject) -> bool:
    """Tell whether a hidden text was seen by nobody yet: it waits, or it was rejected."""
    if subject.held_at is not None:
        return True
    last = how_it_ended(subject)
    return last is not None and last.action == Verb.REJECTED.value


def how_it_ended(subject: Subject) -> LogEntry | None:
    """Return who decided last about a text that waited, and how; None when nobody did."""
    return db.session.scalar(
        select(LogEntry)
        .where(
            LogEntry.subject_kind == activity.kind_of(subject),
            LogEntry.subject_id == subject.id,
            LogEntry.action.in_([verb.value for verb in ENDS]),
        )
        .order_by(LogEntry.id.desc())
        .limit(1)
    )
