"""What members added to a piece or a reply."""

from dataclasses import dataclass

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models import Comment, Content, Follow, Like, User

NAMES_A_PAGE = 50


@dataclass(frozen=True)
class Reactions:
    """What one reader added to a piece."""

    liked: bool
    following: bool


def reactions_of(reader: User, content: Content) -> Reactions:
    """Return whether `reader` likes and follows a piece, in one statement."""
    row = db.session.execute(
        select(
            exists().where(Like.content_id == content.id, Like.user_id == reader.id),
            exists().where(Follow.content_id == content.id, Follow.user_id == reader.id),
        )
    ).one()
    return Reactions(*row)


def likes(subject: Content | Comment, before: int | None = None) -> Select[tuple[Like]]:
    """Select who likes a piece or reply, newest first, before the like with id `before`.

    One more than a page, so that its presence tells that there are older ones.
    """
    column = Like.comment_id if isinstance(subject, Comment) else Like.content_id
    found = (
        select(Like)
        .join(Like.user)
        .where(column == subject.id, User.deactivated_at.is_(None))
        .order_by(Like.id.desc())
        .limit(NAMES_A_PAGE + 1)
        .options(joinedload(Like.user).joinedload(User.department))
    )
    return found if before is None else found.where(Like.id < before)
