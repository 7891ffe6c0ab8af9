"""Pieces: one with all that its page shows, lists of them, and the replies to one."""

from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.models import Comment, Content, Status, User, WikiPage, unindexed
from app.policy import visible_to

PAGE = 20
REPLIES_A_PAGE = 50

Piece = TypeVar("Piece", bound=Content)


def detail(model: type[Piece], key: int) -> Select[Piece]:
    """Select one piece of a type with its author, theme, group and keywords.

    A wiki page comes with who keeps, offered, adopted and reviewed it, and with its author's name
    only: it stands in its history.
    """
    own: tuple[Any, ...] = (joinedload(Content.author).selectinload(User.grants),)
    if model is WikiPage:
        people = (WikiPage.owner, WikiPage.offered_by, WikiPage.adopted_by, WikiPage.reviewed_by)
        own = tuple(joinedload(person) for person in people)
    return (
        select(model)
        .where(model.id == key)
        .options(
            joinedload(Content.author),
            *own,
            joinedload(Content.edited_by),
            joinedload(Content.theme),
            joinedload(Content.group),
            selectinload(Content.tags),
        )
    )


def in_sight(user: Any) -> ColumnElement[bool]:
    """Return the condition for pieces to point at: `user` can read them, and they stand."""
    return and_(
        visible_to(user),
        Content.status == Status.PUBLISHED,
        Content.hidden_at.is_(None),
        Content.withdrawn_at.is_(None),
        unindexed(Content.merged_into_id).is_(None),
    )


def comment_visible(key: int) -> Select[Comment]:
    """Select one reply with its author and its piece; combine with `visible_to`."""
    return (
        select(Comment)
        .join(Comment.content)
        .where(Comment.id == key)
        .options(
            contains_eager(Comment.content).options(
                joinedload(Content.group), joinedload(Content.author)
            ),
            joinedload(Comment.author).selectinload(User.grants),
        )
    )
