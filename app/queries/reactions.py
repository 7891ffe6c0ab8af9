"""What members added to a piece or a reply."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, exists, literal, select
from sqlalchemy.orm import contains_eager

from app.extensions import db
from app.models import (
    Bookmark,
    Comment,
    Content,
    Draft,
    Follow,
    FollowLevel,
    Helped,
    Like,
    User,
    WikiPage,
)
from app.queries import transfers
from app.queries.drafts import newest
from app.queries.listing import Order, Rows, listed
from app.queries.proposals import led_to_count
from app.queries.reviews import open_doubts

NAMES_A_PAGE = 50
LARGEST = 2**31
BY_BOOKMARK = Order(Bookmark.created_at, "bookmarked_at")


@dataclass(frozen=True)
class Reactions:
    """What one reader added to a piece; `level` is of what they hear, None for who does not follow."""

    liked: bool
    level: FollowLevel | None
    bookmarked: bool
    helped: bool
    led_to: int
    """How many wiki pages came from it that the reader can see."""
    doubts: int
    """How many doubts about a wiki page nobody answered yet."""
    transfers: int
    """How often replies came from or went to a piece that the reader can see."""
    draft: Draft | None
    """The reply that the reader is writing."""


def reactions_of(reader: User, content: Content, draft_id: int | None = None) -> Reactions:
    """Return whether and how `reader` likes, follows and keeps a piece, in one statement.

    Of several replies that they are writing it gives the newest, or the one with `draft_id`.
    """
    writing = newest(reader, f"{content.folder}:{content.id}:comment", draft_id)
    level = select(Follow.level).where(
        Follow.content_id == content.id, Follow.user_id == reader.id
    )  # fmt: skip
    row = db.session.execute(
        select(
            exists().where(Like.content_id == content.id, Like.user_id == reader.id),
            level.scalar_subquery(),
            exists().where(Bookmark.content_id == content.id, Bookmark.user_id == reader.id),
            exists().where(Helped.content_id == content.id, Helped.user_id == reader.id),
            led_to_count(reader, content),
            open_doubts(content.id) if isinstance(content, WikiPage) else literal(0),
            literal(0) if isinstance(content, WikiPage) else transfers.number(reader, content),
            Draft,
        )
        .select_from(select(literal(1)).subquery())
        .outerjoin(Draft, Draft.id == writing)
    ).one()
    return Reactions(*row)


def bookmarked(reader: User) -> Rows:
    """Select what `reader` bookmarked and can still read, as rows for a list."""
    own = and_(Bookmark.content_id == Content.id, Bookmark.user_id == reader.id)
    return (
        listed(reader).join(Bookmark, own).add_columns(Bookmark.created_at.label("bookmarked_at"))
    )


@dataclass(frozen=True)
class Names:
    """Some who like something or were helped by it, newest first; `before` is where older ones go on, if there are."""

    people: Sequence[User]
    before: int | None


Mark = Like | Helped


def names(subject: Content | Comment, before: int = 0, model: type[Mark] = Like) -> Names:
    """Return who likes a piece or reply, before the like with id `before`; only active people.

    With another `model`: whom it helped.
    """
    found = db.session.scalars(marks(subject, before, model)).all()
    more = len(found) > NAMES_A_PAGE
    return Names(
        [mark.user for mark in found[:NAMES_A_PAGE]], found[NAMES_A_PAGE - 1].id if more else None
    )


def marks(subject: Content | Comment, before: int, model: type[Mark]) -> Select[Any]:
    """Select the likes of one page, and one more, which tells that there are older ones."""
    column = model.comment_id if isinstance(subject, Comment) else model.content_id
    found = (
        select(model)
        .join(model.user)
        .where(column == subject.id, User.deactivated_at.is_(None))
        .order_by(model.id.desc())
        .limit(NAMES_A_PAGE + 1)
        .options(contains_eager(model.user).joinedload(User.department))
    )
    return found.where(model.id < before) if 0 < before < LARGEST else found
