"""Measures of moderators: each with a reason, logged once, and told to the author.

Every function tells whether it changed something: a measure that was taken already does nothing.
"""

from datetime import date, datetime, time, timedelta

from app.extensions import db
from app.lib.clock import AMSTERDAM, now
from app.models import Comment, Content, Theme, User
from app.services import activity, comments
from app.services.activity import Grounds, Verb

Subject = Content | Comment


def end_of(day: date) -> datetime:
    """Return the last second of a day on a Dutch clock: "until 3 May" includes 3 May."""
    next_day = datetime.combine(day + timedelta(days=1), time(), AMSTERDAM)
    return next_day - timedelta(seconds=1)


def lock_row(subject: Subject, *columns: str) -> None:
    """Read what is about to change anew, and let nobody else change it meanwhile."""
    db.session.refresh(subject, columns, with_for_update=True)


def hide(
    subject: Subject, actor: User, reason: str, grounds: Grounds = activity.NO_GROUNDS
) -> bool:
    """Hide a piece or a reply from all but its author and the moderators."""
    lock_row(subject, "hidden_at")
    if subject.hidden_at is not None:
        return False
    subject.hidden_at, subject.hidden_by_id, subject.hidden_reason = now(), actor.id, reason
    if isinstance(subject, Comment):
        comments.unmark(subject)
        comments.recount(subject.content)
    activity.record(Verb.HIDDEN, subject, actor, reason=reason, grounds=grounds)
    return True


def restore(subject: Subject, actor: User, reason: str) -> bool:
    """Show again what was hidden."""
    lock_row(subject, "hidden_at")
    if subject.hidden_at is None:
        return False
    subject.hidden_at, subject.hidden_by_id, subject.hidden_reason = None, None, ""
    if isinstance(subject, Comment):
        comments.recount(subject.content)
    activity.record(Verb.RESTORED, subject, actor, reason=reason)
    return True


def lock(content: Content, actor: User, reason: str, until: date | None = None) -> bool:
    """Let nobody add replies, until the end of a day when one is given."""
    lock_row(content, "locked_at", "locked_until")
    end = end_of(until) if until else None
    if content.is_locked and content.locked_until == end:
        return False
    content.locked_at, content.locked_until, content.locked_reason = now(), end, reason
    activity.record(
        Verb.LOCKED,
        content,
        actor,
        reason=reason,
        result=until_text(until),
        grounds=Grounds(until=end),
    )
    return True


def unlock(content: Content, actor: User, reason: str) -> bool:
    """Let members add replies again."""
    lock_row(content, "locked_at", "locked_until")
    if not content.is_locked:
        return False
    content.locked_at, content.locked_until, content.locked_reason = None, None, ""
    activity.record(Verb.UNLOCKED, content, actor, reason=reason)
    return True


def pin(content: Content, actor: User, reason: str, until: date) -> bool:
    """Keep a piece on top of its lists until the end of a day."""
    lock_row(content, "pinned_until")
    if content.pinned_until == end_of(until):
        return False
    content.pinned_until = end_of(until)
    activity.record(Verb.PINNED, content, actor, reason=reason, result=until_text(until))
    return True


def unpin(content: Content, actor: User, reason: str) -> bool:
    """Let a piece take its own place in its lists."""
    lock_row(content, "pinned_until")
    if not content.is_pinned:
        return False
    content.pinned_until = None
    activity.record(Verb.UNPINNED, content, actor, reason=reason)
    return True


def feature(content: Content, actor: User, reason: str) -> bool:
    """Show a piece on the home page."""
    lock_row(content, "featured_at")
    if content.featured_at is not None:
        return False
    content.featured_at = now()
    activity.record(Verb.FEATURED, content, actor, reason=reason)
    return True


def unfeature(content: Content, actor: User, reason: str) -> bool:
    """Take a piece off the home page."""
    lock_row(content, "featured_at")
    if content.featured_at is None:
        return False
    content.featured_at = None
    activity.record(Verb.UNFEATURED, content, actor, reason=reason)
    return True


def move(content: Content, actor: User, reason: str, theme: Theme) -> bool:
    """Put a discussion in another theme. `content` has its present theme loaded."""
    if content.theme_id == theme.id:
        return False
    before = content.theme.name if content.theme else ""
    content.theme = theme
    activity.record(Verb.MOVED, content, actor, reason=reason, result=f"{before} → {theme.name}")
    return True


def until_text(day: date | None) -> str:
    """Return what the log says of a date."""
    return f"→ {day.isoformat()}" if day else ""
