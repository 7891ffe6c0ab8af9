"""Measures of moderators: each with a reason, logged once, and told to the author.

Every function tells whether it changed something: a measure that was taken already does nothing.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.lib.clock import AMSTERDAM, local, now
from app.models import Comment, Content, User
from app.services import activity, comments, letting_through
from app.services.activity import Grounds, Verb

Subject = Content | Comment


def end_of(day: date) -> datetime:
    """Return the last second of a day on a Dutch clock: "until 3 May" includes 3 May."""
    next_day = datetime.combine(day + timedelta(days=1), time(), AMSTERDAM)
    return next_day - timedelta(seconds=1)


def lock_row(subject: Subject, *columns: str) -> None:
    """Read what is about to change anew, and let nobody else change it meanwhile."""
    db.session.refresh(subject, columns, with_for_update=True)


def hold(subjects: Sequence[Subject]) -> None:
    """Let nobody else change any of these meanwhile; who takes measures on some of them too, waits.

    Taken one by one, two moderators could wait for each other.
    """
    model: Any = Comment if isinstance(subjects[0], Comment) else Content
    keys = [subject.id for subject in subjects]
    db.session.execute(
        select(model.id).where(model.id.in_(keys)).order_by(model.id).with_for_update()
    )


def hide(
    subject: Subject, actor: User | None, reason: str, grounds: Grounds = activity.NO_GROUNDS
) -> bool:
    """Hide a piece or a reply from all but its author and the moderators.

    Without an actor it is Kring itself, because many members reported it.
    """
    lock_row(subject, "hidden_at")
    if subject.hidden_at is not None:
        return False
    subject.hidden_at, subject.hidden_reason = now(), told(reason, grounds)
    subject.hidden_by_id = actor.id if actor else None
    if isinstance(subject, Comment):
        comments.unmark(subject)
        comments.recount(subject.content)
    activity.record(Verb.HIDDEN, subject, actor, reason=reason, grounds=grounds)
    return True


def told(reason: str, grounds: Grounds) -> str:
    """Return what readers see of the ground of a measure: the house rule, if any, and the reason."""
    return f"{grounds.rule}: {reason}" if grounds.rule else reason


def restore(
    subject: Subject, actor: User, reason: str, grounds: Grounds = activity.NO_GROUNDS
) -> bool:
    """Show again what was hidden; what nobody saw yet is let through."""
    lock_row(subject, "hidden_at", "held_at")
    if subject.hidden_at is None:
        return False
    if letting_through.was_never_shown(subject):
        letting_through.show(subject)
        activity.record(Verb.RESTORED, subject, actor, reason=reason, grounds=grounds)
        return True
    subject.hidden_at, subject.hidden_by_id, subject.hidden_reason = None, None, ""
    if isinstance(subject, Comment):
        comments.recount(subject.content)
    activity.record(Verb.RESTORED, subject, actor, reason=reason, grounds=grounds)
    return True


def lock(
    content: Content, actor: User, reason: str, until: date | None = None,
    grounds: Grounds = activity.NO_GROUNDS,
) -> bool:  # fmt: skip
    """Let nobody add replies, until the end of a day when one is given."""
    lock_row(content, "locked_at", "locked_until")
    end = end_of(until) if until else None
    if content.is_locked and content.locked_until == end:
        return False
    content.locked_at, content.locked_until = now(), end
    content.locked_reason = told(reason, grounds)
    activity.record(
        Verb.LOCKED, content, actor, reason=reason, result=until_text(until),
        grounds=replace(grounds, until=end),
    )  # fmt: skip
    return True


def unlock(
    content: Content, actor: User, reason: str, grounds: Grounds = activity.NO_GROUNDS
) -> bool:
    """Let members add replies again."""
    lock_row(content, "locked_at", "locked_until")
    if not content.is_locked:
        return False
    content.locked_at, content.locked_until, content.locked_reason = None, None, ""
    activity.record(Verb.UNLOCKED, content, actor, reason=reason, grounds=grounds)
    return True


def slow(
    content: Content, actor: User, reason: str, minutes: int, until: datetime | None = None,
    *, grounds: Grounds = activity.NO_GROUNDS,
) -> bool:  # fmt: skip
    """Let a member reply once in so many minutes; until a moment when one is given."""
    lock_row(content, "slow_minutes", "slow_until")
    if content.is_slow and (content.slow_minutes, content.slow_until) == (minutes, until):
        return False
    content.slow_minutes, content.slow_until = minutes, until
    content.slow_reason = told(reason, grounds)
    end = f" → {local(until):%Y-%m-%d %H:%M}" if until else ""
    activity.record(
        Verb.SLOWED, content, actor, reason=reason, result=f"{minutes}{end}",
        grounds=replace(grounds, until=until),
    )  # fmt: skip
    return True


def unslow(
    content: Content, actor: User, reason: str, grounds: Grounds = activity.NO_GROUNDS
) -> bool:
    """Let members reply at their own pace again."""
    lock_row(content, "slow_minutes", "slow_until")
    if not content.is_slow:
        return False
    content.slow_minutes, content.slow_until, content.slow_reason = None, None, ""
    activity.record(Verb.UNSLOWED, content, actor, reason=reason, grounds=grounds)
    return True


def pin(
    content: Content, actor: User, reason: str, until: date,
    grounds: Grounds = activity.NO_GROUNDS,
) -> bool:  # fmt: skip
    """Keep a piece on top of its lists until the end of a day."""
    lock_row(content, "pinned_until")
    if content.pinned_until == end_of(until):
        return False
    content.pinned_until = end_of(until)
    activity.record(
        Verb.PINNED, content, actor, reason=reason, result=until_text(until), grounds=grounds
    )
    return True


def unpin(
    content: Content, actor: User, reason: str, grounds: Grounds = activity.NO_GROUNDS
) -> bool:
    """Let a piece take its own place in its lists."""
    lock_row(content, "pinned_until")
    if not content.is_pinned:
        return False
    content.pinned_until = None
    activity.record(Verb.UNPINNED, content, actor, reason=reason, grounds=grounds)
    return True


def feature(
    content: Content, actor: User, reason: str, grounds: Grounds = activity.NO_GROUNDS
) -> bool:
    """Show a piece on the home page."""
    lock_row(content, "featured_at")
    if content.featured_at is not None:
        return False
    content.featured_at = now()
    activity.record(Verb.FEATURED, content, actor, reason=reason, grounds=grounds)
    return True


def unfeature(
    content: Content, actor: User, reason: str, grounds: Grounds = activity.NO_GROUNDS
) -> bool:
    """Take a piece off the home page."""
    lock_row(content, "featured_at")
    if content.featured_at is None:
        return False
    content.featured_at = None
    activity.record(Verb.UNFEATURED, content, actor, reason=reason, grounds=grounds)
    return True


def until_text(day: date | None) -> str:
    """Return what the log says of a date."""
    return f"→ {day.isoformat()}" if day else ""
