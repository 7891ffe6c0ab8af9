"""What happened that a member wants to know."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, literal, or_, select, tuple_
from sqlalchemy.orm import contains_eager, defer, joinedload

from app.models import Content, Notification, User
from app.policy import visible_to

NEWS_A_PAGE = 30
Place = tuple[int, datetime, int]
WITHOUT_TEXT = [defer(column, raiseload=True) for column in (Content.body, Content.body_html)]
is_read = case((Notification.read_at.is_(None), 0), else_=1)


def of(reader: User) -> Select[Any]:
    """Select the news of `reader` with its piece, and whether the reader can see that piece now."""
    visible = case((visible_to(reader), 1), else_=0)
    return (
        select(Notification, visible)
        .outerjoin(Notification.content)
        .where(Notification.user_id == reader.id)
        .options(
            contains_eager(Notification.content).options(*WITHOUT_TEXT),
            joinedload(Notification.actor),
            joinedload(Notification.proposal),
            joinedload(Notification.decision),
            joinedload(Notification.group),
        )
    )


def inbox(reader: User, after: Place | None) -> Select[Any]:
    """Select a page of news and one more: unread first, then by date, after a place in the list."""
    found = (
        of(reader)
        .order_by(is_read, Notification.created_at.desc(), Notification.id.desc())
        .limit(NEWS_A_PAGE + 1)
    )
    if after is None:
        return found
    here = tuple_(Notification.created_at, Notification.id)
    there = tuple_(literal(after[1], Notification.created_at.type), literal(after[2]))
    unread_done = is_read > after[0]
    return found.where(or_(unread_done, (is_read == after[0]) & (here < there)))


def place(notification: Notification) -> Place:
    """Return where a row stands in the list."""
    return (int(notification.read_at is not None), notification.created_at, notification.id)
