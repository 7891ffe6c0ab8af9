"""Newcomers: how far they came on their first days, and whether someone answered their first post."""

from datetime import timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Subquery,
    and_,
    cast,
    exists,
    false,
    func,
    null,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased

from app.lib.clock import now
from app.models import Comment, Content, Invitation, Status, User, unindexed
from app.policy import visible_to
from app.queries.listing import Rows, open_for_answers

NEW_DAYS = 60
PAGE = 30
ANYONE = object()
"""In place of a reader, where the whole community is counted and nobody sees what."""
Inviter = aliased(User, name="inviter")
Later = aliased(Comment)


def is_new(days: int = NEW_DAYS) -> ColumnElement[bool]:
    """Hold for the accounts in use that were made within so many days."""
    return and_(User.deactivated_at.is_(None), User.created_at > now() - timedelta(days=days))


def first_posts(reader: Any, days: int = NEW_DAYS) -> Subquery:
    """Return the first discussion or reply of each newcomer among those that `reader` may see.

    What was hidden or withdrawn does not count. Columns: `person_id`, `content_id`, `comment_id`
    (nothing for a discussion), `posted_at`, `is_answered` by someone else, `is_open` for answers.
    """
    new = select(User.id).where(is_new(days))
    posts = union_all(discussions_of(reader, new), replies_of(reader, new)).subquery("posts")
    turn = func.row_number().over(
        partition_by=posts.c.person_id,
        order_by=(posts.c.posted_at, posts.c.content_id, func.coalesce(posts.c.comment_id, 0)),
    )
    ranked = select(*posts.c, turn.label("turn")).subquery("ranked")
    own = [column for column in ranked.c if column.name != "turn"]
    return select(*own).where(ranked.c.turn == 1).subquery("first_posts")


def discussions_of(reader: Any, people: Select[int]) -> Rows:
    """Select the discussions that these people started, with whether another replied."""
    return select(
        Content.author_id.label("person_id"),
        Content.id.label("content_id"),
        cast(null(), Integer).label("comment_id"),
        Content.published_at.label("posted_at"),
        (Content.other_comment_count > 0).label("is_answered"),
        open_for_answers().label("is_open"),
    ).where(
        # By writer: SQLite would sooner read all discussions.
        unindexed(Content.kind) == "discussion",
        Content.author_id.in_(people),
        standing(reader),
    )


def replies_of(reader: Any, people: Select[int]) -> Rows:
    """Select the replies that these people placed, with whether another went on after them."""
    answered = exists().where(
        Later.content_id == Comment.content_id,
        Later.position > Comment.position,
        Later.author_id != Comment.author_id,
        Later.hidden_at.is_(None),
        Later.withdrawn_at.is_(None),
    )
    return (
        select(
            Comment.author_id,
            Comment.content_id,
            Comment.id,
            Comment.created_at,
            answered,
            open_for_answers(),
        )
        .join(Content, Content.id == Comment.content_id)
        .where(
            Comment.author_id.in_(people),
            Comment.hidden_at.is_(None),
            Comment.withdrawn_at.is_(None),
            standing(reader),
        )
    )


def standing(reader: Any) -> ColumnElement[bool]:
    """Hold for the published pieces that `reader` may see and nobody took away."""
    return and_(
        true() if reader is ANYONE else visible_to(reader),
        Content.status == Status.PUBLISHED,
        Content.hidden_at.is_(None),
        Content.withdrawn_at.is_(None),
    )


def unanswered_first_posts(reader: User, days: int = NEW_DAYS) -> Rows:
    """Select the first posts of other newcomers that nobody answered, the oldest first.

    A row has the piece (`id`, `kind`, `title`, `slug`: for `url_of`), `comment_id` when the post is
    a reply in it, `posted_at`, and who wrote it: `person_id`, `person_name`, `person_handle`.
    """
    first = first_posts(reader, days)
    return (
        select(
            Content.id, Content.kind, Content.title, Content.slug, first.c.comment_id,
            first.c.posted_at, User.id.label("person_id"), User.name.label("person_name"),
            User.handle.label("person_handle"),
        )
        .join(first, first.c.content_id == Content.id)
        .join(User, User.id == first.c.person_id)
        .where(User.id != reader.id, waiting(first))
        .order_by(first.c.posted_at, Content.id)
    )  # fmt: skip


def waiting(first: Subquery) -> ColumnElement[bool]:
    """Hold for the first posts that wait: unanswered, where someone can answer."""
    return and_(~first.c.is_answered, first.c.is_open)


def newcomers(reader: User, days: int, number: int) -> Rows:
    """Select a page of newcomers: those whose first post waits on top, then who came last.

    A row has `User`, `inviter`, the piece of the first post (`id`, `kind`, `title`, `slug`),
    `comment_id`, `posted_at`, `is_answered` and `is_waiting`.
    """
    first = first_posts(reader, days)
    is_waiting = func.coalesce(waiting(first), false())
    return (
        select(
            User, Inviter, Content.id, Content.kind, Content.title, Content.slug,
            first.c.comment_id, first.c.posted_at, first.c.is_answered,
            is_waiting.label("is_waiting"),
        )
        .outerjoin(first, first.c.person_id == User.id)
        .outerjoin(Content, Content.id == first.c.content_id)
        .outerjoin(Inviter, Inviter.id == inviter_of())
        .where(is_new(days))
        .order_by(is_waiting.desc(), User.created_at.desc(), User.id.desc())
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    )  # fmt: skip


def inviter_of() -> ColumnElement[int | None]:
    """Return who sent the invitation by which `User` came in last."""
    return (
        select(Invitation.invited_by_id)
        .where(Invitation.user_id == User.id, Invitation.accepted_at.is_not(None))
        .order_by(Invitation.id.desc())
        .limit(1)
        .correlate(User)
        .scalar_subquery()
    )


def number_of_newcomers(days: int) -> Select[int]:
    """Count newcomers."""
    return select(func.count()).select_from(User).where(is_new(days))
