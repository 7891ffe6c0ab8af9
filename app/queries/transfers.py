"""What was merged, split off and moved between discussions, as far as a reader sees both ends."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from app.models import Comment, Content, Transfer, TransferredReply, User
from app.policy import visible_to
from app.queries.listing import Rows, listed

FOUND = 10
TRACES = 50


def of(reader: User, content: Content) -> ColumnElement[bool]:
    """Hold for the transfers from or to a piece that stand, and of which `reader` sees the other end."""

    def seen(end: Any) -> ColumnElement[bool]:
        return exists().where(Content.id == end, visible_to(reader)).correlate(Transfer)

    return and_(
        Transfer.undone_at.is_(None),
        or_(
            and_(Transfer.source_id == content.id, seen(Transfer.target_id)),
            and_(Transfer.target_id == content.id, seen(Transfer.source_id)),
        ),
    )


def number(reader: User, content: Content) -> ScalarSelect[int]:
    """Count the traces at a piece."""
    return select(func.count()).select_from(Transfer).where(of(reader, content)).scalar_subquery()


def traces(reader: User, content: Content) -> Select[Any]:
    """Select the transfers at a piece with both ends and with how many replies went, newest first."""
    went = (
        select(func.count())
        .select_from(TransferredReply)
        .where(TransferredReply.transfer_id == Transfer.id)
        .correlate(Transfer)
        .scalar_subquery()
    )
    return (
        select(Transfer, went)
        .where(of(reader, content))
        .order_by(Transfer.id.desc())
        .limit(TRACES)
        .options(joinedload(Transfer.source), joinedload(Transfer.target))
    )


def one(reader: User, content: Content, key: int) -> Select[Transfer]:
    """Select one transfer of a piece with both ends."""
    group = joinedload(Content.group)
    return (
        select(Transfer)
        .where(Transfer.id == key, of(reader, content))
        .options(
            joinedload(Transfer.source).options(group, joinedload(Content.author)),
            joinedload(Transfer.target).options(group, joinedload(Content.author)),
        )
    )


def candidates(reader: User, content: Content, words: str) -> Rows:
    """Select discussions with these words in their title, to which replies can go from a piece."""
    same = Content.group_id == content.group_id if content.group_id else Content.group_id.is_(None)
    named = (Content.title.icontains(word, autoescape=True) for word in words.split())
    return (
        listed(reader)
        .where(
            Content.kind == "discussion", Content.id != content.id, same, *named,
            Content.hidden_at.is_(None), Content.withdrawn_at.is_(None),
        )
        .order_by(Content.last_active_at.desc(), Content.id.desc())
        .limit(FOUND)
    )  # fmt: skip


def replies(content: Content, keys: Collection[int]) -> Select[Comment]:
    """Select replies to a piece by their ids, in their order, with their writers."""
    return (
        select(Comment)
        .where(Comment.content_id == content.id, Comment.id.in_(keys), Comment.position > 0)
        .order_by(Comment.position)
        .options(joinedload(Comment.author))
    )
