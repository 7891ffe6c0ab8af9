"""Pieces: one with all that its page shows, lists of them, and the replies to one."""

from typing import TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.models import Comment, Content, User, WikiPage

PAGE = 20
REPLIES_A_PAGE = 50

Piece = TypeVar("Piece", bound=Content)


def detail(model: type[Piece], key: int) -> Select[Piece]:
    """Select one piece of a type with its author, theme, group and keywords.

    A wiki page comes with its owner, and with its author's name only: it stands in its history.
    """
    own = (
        joinedload(WikiPage.owner)
        if model is WikiPage
        else joinedload(Content.author).selectinload(User.grants)
    )
    return (
        select(model)
        .where(model.id == key)
        .options(
            joinedload(Content.author),
            own,
            joinedload(Content.edited_by),
            joinedload(Content.theme),
            joinedload(Content.group),
            selectinload(Content.tags),
        )
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
