"""Which texts wait until a moderator has seen them, before anyone else does."""

from sqlalchemy import func, select

from app.extensions import db
from app.models import Comment, CrisisMode, Discussion, Group, Theme, User
from app.policy import in_crisis, keeps_order
from app.site import site


def must_wait(author: User, group: Group | None, theme_id: int | None) -> bool:
    """Tell whether what `author` writes here waits: by the group, the theme, a crisis, or being new.

    Moderators and the leaders of the group never wait.
    """
    if keeps_order(author, group):
        return False
    return (
        (group is not None and group.premoderated)
        or in_crisis(CrisisMode.PREMODERATION, group.id if group else None, theme_id)
        or theme_waits(theme_id)
        or is_new(author)
    )


def theme_waits(theme_id: int | None) -> bool:
    """Tell whether all that members write in a theme waits."""
    if theme_id is None:
        return False
    return bool(db.session.scalar(select(Theme.premoderated).where(Theme.id == theme_id)))


def is_new(author: User) -> bool:
    """Tell whether too few texts of `author` stand for the community to know them."""
    wanted = site().premoderated_posts
    if not wanted:
        return False
    pieces = select(func.count()).where(
        Discussion.author_id == author.id, Discussion.hidden_at.is_(None)
    )
    replies = select(func.count()).where(
        Comment.author_id == author.id, Comment.hidden_at.is_(None)
    )
    standing = pieces.scalar_subquery() + replies.scalar_subquery()
    return (db.session.scalar(select(standing)) or 0) < wanted
