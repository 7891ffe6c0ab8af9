"""Which texts wait until a moderator has seen them, before anyone else does."""

from sqlalchemy import bindparam, func, select

from app.extensions import db
from app.models import Comment, CrisisMode, Discussion, Group, Theme, User
from app.models.unattached import Prepared
from app.policy import in_crisis, keeps_order
from app.site import site

PREMODERATED = Prepared(select(Theme.premoderated).where(Theme.id == bindparam("theme")))


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
    return PREMODERATED.rows(theme=theme_id)[0][0] is True


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
