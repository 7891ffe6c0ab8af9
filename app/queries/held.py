"""What waits for a moderator before others see it, as far as someone may decide about it."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, select, union_all
from sqlalchemy.orm import contains_eager, joinedload

from app.extensions import db
from app.models import Comment, Content, Discussion, User
from app.policy import guarded_by
from app.queries.listing import Rows

SHOWN = 30
Waiting = Discussion | Comment


def pieces(user: Any) -> Select[Discussion]:
    """Select the discussions of others over which `user` watches, with what their row shows."""
    return (
        select(Discussion)
        .where(guarded_by(user), Discussion.author_id != user.id)
        .options(
            joinedload(Discussion.author), joinedload(Discussion.theme),
            joinedload(Discussion.group),
        )
    )  # fmt: skip


def replies(user: Any) -> Select[Comment]:
    """Select the replies of others over which `user` watches, with what their row shows."""
    piece = contains_eager(Comment.content)
    return (
        select(Comment)
        .join(Comment.content)
        .where(guarded_by(user), Comment.author_id != user.id)
        .options(
            joinedload(Comment.author),
            piece.options(joinedload(Content.group), joinedload(Content.theme)),
        )
    )


def held_pieces(user: Any) -> Select[Discussion]:
    """Select the discussions that wait."""
    return pieces(user).where(Discussion.held_at.is_not(None), Discussion.withdrawn_at.is_(None))


def held_replies(user: Any) -> Select[Comment]:
    """Select the replies that wait."""
    return replies(user).where(Comment.held_at.is_not(None), Comment.withdrawn_at.is_(None))


def waiting(user: User) -> Sequence[Waiting]:
    """Return what waits for `user`, the oldest first, as far as fits on one page."""
    found: list[Waiting] = [
        *db.session.scalars(held_pieces(user).order_by(Discussion.held_at).limit(SHOWN)),
        *db.session.scalars(held_replies(user).order_by(Comment.held_at).limit(SHOWN)),
    ]
    return sorted(found, key=since)[:SHOWN]


def since(subject: Waiting) -> Any:
    """Return since when a text waits."""
    return subject.held_at


def keys(user: User) -> Rows:
    """Select something of each text that waits for `user`, to be counted."""
    both = union_all(
        held_pieces(user).with_only_columns(Discussion.id),
        held_replies(user).with_only_columns(Comment.id),
    ).subquery()
    return select(both)


def chosen(user: User, content: Collection[int], comments: Collection[int]) -> list[Waiting]:
    """Return the texts with these ids over which `user` watches, whether they wait or not."""
    found: list[Waiting] = []
    if content:
        found += db.session.scalars(pieces(user).where(Discussion.id.in_(content)))
    if comments:
        found += db.session.scalars(replies(user).where(Comment.id.in_(comments)))
    return found
