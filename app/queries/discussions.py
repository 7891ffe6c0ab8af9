"""Lists of discussions, and the versions of one."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, literal_column, select
from sqlalchemy.orm import joinedload

from app.lib.clock import now
from app.lib.working_days import subtract_working_days
from app.models import Content, Follow, FollowLevel, Revision, User, unindexed
from app.queries.blocks import unmuted
from app.queries.listing import Rows, listed, open_for_answers
from app.site import site


def discussions(user: Any) -> Rows:
    """Select the discussions that `user` may read and wants to, as rows for a list."""
    return of_everyone(user).where(unmuted(user))


def of_everyone(user: Any) -> Rows:
    """Select the discussions that `user` may read, of those whom they mute as well."""
    return listed(user).where(Content.kind == "discussion")


def unanswered(user: Any) -> Rows:
    """Select the discussions that wait for an answer, but for those of whom `user` mutes."""
    return waiting(user).where(unmuted(user))


def waiting(user: Any) -> Rows:
    """Select the discussions in which nobody but the starter has replied, and which are open."""
    # Written out, so that the databases recognise the condition of their partial index.
    nobody_else = literal_column("content.other_comment_count") == literal_column("0")
    return of_everyone(user).where(nobody_else, open_for_answers())


def mine(user: User) -> Rows:
    """Select the discussions that `user` started."""
    return among(user).where(Content.author_id == user.id)


def followed(user: User) -> Rows:
    """Select the discussions that `user` follows."""
    follows = select(Follow.content_id).where(
        Follow.user_id == user.id, Follow.level != FollowLevel.NOTHING
    )
    return among(user).where(Content.id.in_(follows))


def among(user: Any) -> Rows:
    """Select discussions as `discussions` does, for a condition that leaves few of them."""
    return listed(user).where(unindexed(Content.kind) == "discussion")


def overdue_since() -> datetime:
    """Return the moment before which an unanswered discussion has waited too long."""
    return subtract_working_days(now(), site().unanswered_days)


def revisions(content_id: int) -> Select[Revision]:
    """Select the versions of a piece, the newest first, with their authors."""
    return (
        select(Revision)
        .where(Revision.content_id == content_id)
        .order_by(Revision.number.desc())
        .options(joinedload(Revision.author))
    )
