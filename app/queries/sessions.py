"""Who is signed in."""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from app.models import Membership, Notification, User, UserSession


def signed_in(token_hash: str) -> Select[tuple[UserSession, int]]:
    """Select the session with its user, roles, groups, and the number of unread notifications."""
    unread = (
        select(func.count())
        .where(Notification.user_id == UserSession.user_id, Notification.read_at.is_(None))
        .scalar_subquery()
    )
    return (
        select(UserSession, unread)
        .join(UserSession.user)
        .where(UserSession.token_hash == token_hash, User.deactivated_at.is_(None))
        .options(
            contains_eager(UserSession.user).options(
                joinedload(User.grants),
                joinedload(User.memberships).joinedload(Membership.group),
            )
        )
    )
