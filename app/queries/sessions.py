"""Who is signed in."""

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from app.lib.clock import now
from app.models import Membership, Notification, User, UserSession
from app.models.user import SESSION_LIFETIME


def signed_in(token_hash: str) -> Select[UserSession, int]:
    """Select the session with its user, roles, groups, and the number of unread notifications.

    None for an account out of use, and for who is suspended now.
    """
    unread = (
        select(func.count())
        .where(Notification.user_id == UserSession.user_id, Notification.read_at.is_(None))
        .scalar_subquery()
    )
    may_enter = or_(User.suspended_until.is_(None), User.suspended_until <= now())
    return (
        select(UserSession, unread)
        .join(UserSession.user)
        .where(UserSession.token_hash == token_hash, User.deactivated_at.is_(None), may_enter)
        .options(
            contains_eager(UserSession.user).options(
                joinedload(User.grants),
                joinedload(User.memberships).joinedload(Membership.group),
            )
        )
    )


def sessions_of(user_id: int) -> Select[UserSession]:
    """Select the browsers in which a person is signed in, the one used last first."""
    return (
        select(UserSession)
        .where(
            UserSession.user_id == user_id,
            UserSession.last_seen_at > now() - SESSION_LIFETIME,
        )
        .order_by(UserSession.last_seen_at.desc(), UserSession.id.desc())
    )
