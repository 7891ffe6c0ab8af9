"""What helped people, for stories of success."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models import Comment, Content, Helped, Theme, User
from app.queries.content import in_sight
from app.queries.moderation import Newest

A_PAGE = 30
EXPORTED = 5000
NEWEST = Newest(Helped, ("created_at", "id"), (datetime, int), A_PAGE)


@dataclass(frozen=True)
class Wanted:
    """What to leave in: only what has a line, only one theme (by its slug)."""

    with_line: bool = False
    theme: str = ""


def collected(reader: User, wanted: Wanted) -> Select[Helped]:
    """Select what members said helped them, as far as `reader` can read the piece and it stands."""
    stands = and_(Comment.hidden_at.is_(None), Comment.withdrawn_at.is_(None))
    found = (
        select(Helped)
        .outerjoin(Comment, Comment.id == Helped.comment_id)
        .join(Content, Content.id == func.coalesce(Helped.content_id, Comment.content_id))
        .where(in_sight(reader), or_(Helped.comment_id.is_(None), stands))
        .options(
            joinedload(Helped.user),
            joinedload(Helped.content).joinedload(Content.theme),
            joinedload(Helped.comment).joinedload(Comment.content).joinedload(Content.theme),
        )
    )
    if wanted.with_line:
        found = found.where(Helped.line != "")
    if wanted.theme:
        found = found.join(Theme, Theme.id == Content.theme_id).where(Theme.slug == wanted.theme)
    return found


def line_of(subject: Content | Comment, user: User) -> str:
    """Return how `user` said that the subject helped; empty without a line."""
    about = Helped.comment_id if isinstance(subject, Comment) else Helped.content_id
    found = select(Helped.line).where(about == subject.id, Helped.user_id == user.id)
    return db.session.scalar(found) or ""
