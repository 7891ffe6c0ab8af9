"""What members added to a piece or a reply."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, exists, select
from sqlalchemy.orm import contains_eager

from app.extensions import db
from app.models import Bookmark, Comment, Content, Follow, Like, User
from app.queries.listing import Order, Rows, listed

NAMES_A_PAGE = 50
LARGEST = 2**31
BY_BOOKMARK = Order(Bookmark.created_at, "bookmarked_at")


@dataclass(frozen=True)
class Reactions:
    """What one reader added to a piece."""

    liked: bool
    following: bool
    bookmarked: bool


def reactions_of(reader: User, content: Content) -> Reactions:
    """Return whether `reader` likes, follows and keeps a piece, in one statement."""
    row = db.session.execute(
        select(
            exists().where(Like.content_id == content.id, Like.user_id == reader.id),
            exists().where(Follow.content_id == content.id, Follow.user_id == reader.id),
            exists().where(Bookmark.content_id == content.id, Bookmark.user_id == reader.id),
        )
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
    """Some who like something, newest first; `before` is where older ones go on, if there are."""

    people: Sequence[User]
    before: int | None


def names(subject: Content | Comment, before: int = 0) -> Names:
    """Return who likes a piece or reply, before the like with id `before`; only active people."""
    found = db.session.scalars(likes(subject, before)).all()
    more = len(found) > NAMES_A_PAGE
    return Names(
        [like.user for like in found[:NAMES_A_PAGE]], found[NAMES_A_PAGE - 1].id if more else None
    )


def likes(subject: Content | Comment, before: int = 0) -> Select[Like]:
    """Select the likes of one page, and one more, which tells that there are older ones."""
    column = Like.comment_id if isinstance(subject, Comment) else Like.content_id
    found = (
        select(Like)
        .join(Like.user)
        .where(column == subject.id, User.deactivated_at.is_(None))
        .order_by(Like.id.desc())
        .limit(NAMES_A_PAGE + 1)
        .options(contains_eager(Like.user).joinedload(User.department))
    )
    return found.where(Like.id < before) if 0 < before < LARGEST else found
