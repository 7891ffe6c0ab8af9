"""Who is signed in."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from app.extensions import db
from app.lib.clock import now
from app.models import Grant, Group, Membership, Notification, User, UserSession
from app.models.unattached import Part, Prepared, columns, split
from app.models.user import SESSION_LIFETIME

PARTS = (
    Part(UserSession, "id", "user_id", "last_seen_at", "must_renew"),
    Part(User),
    Part(Grant),
    Part(Membership),
    Part(Group),
)
UNREAD = (
    select(func.count())
    .where(Notification.user_id == UserSession.user_id, Notification.read_at.is_(None))
    .scalar_subquery()
)
HOLDS = (
    UserSession.token_hash == bindparam("token_hash"),
    User.deactivated_at.is_(None),
    or_(User.suspended_until.is_(None), User.suspended_until <= bindparam("moment")),
)
"""That a session is of an account in use, whose holder is not suspended now."""
READING = Prepared(
    select(UNREAD, *columns(PARTS))
    .select_from(UserSession)
    .join(User, User.id == UserSession.user_id)
    .outerjoin(Grant, Grant.user_id == User.id)
    .outerjoin(Membership, Membership.user_id == User.id)
    .outerjoin(Group, Group.id == Membership.group_id)
    .where(*HOLDS)
    .order_by(Grant.id, Membership.group_id)
)
WRITING = (
    select(UNREAD, UserSession)
    .join(UserSession.user)
    .where(*HOLDS)
    .options(
        contains_eager(UserSession.user).options(
            joinedload(User.grants), joinedload(User.memberships).joinedload(Membership.group)
        )
    )
)
READERS_KEPT = 256


def signed_in(token_hash: str, *, to_read: bool) -> tuple[UserSession, int] | None:
    """Return the session with its user, roles and groups, and the number of unread notifications.

    One statement. None for an account out of use, and for who is suspended now. What is only to be
    read (`to_read`) belongs to no session of the database: other requests share it.
    """
    values = {"token_hash": token_hash, "moment": now()}
    if not to_read:
        found = db.session.execute(WRITING, values).unique().one_or_none()
        return (found[1], found[0]) if found else None
    read = READING.rows(**values)
    return (reader(tuple(row[1:] for row in read)), read[0][0]) if read else None


@lru_cache(READERS_KEPT)
def reader(read: tuple[tuple[Any, ...], ...]) -> UserSession:
    """Return the session that these rows tell of: one row for each role in each group."""
    session, person, *_ = split(read[0], PARTS)
    grants: dict[Any, Any] = {}
    memberships: dict[Any, Any] = {}
    for row in read:
        grant, membership, group = split(row, PARTS)[2:5]
        grants[tuple(grant)] = PARTS[2].make(grant)
        memberships[tuple(membership)] = PARTS[3].make(membership, group=PARTS[4].make(group))
    user = PARTS[1].make(person, grants=present(grants), memberships=present(memberships))
    user.keep_roles()
    made: UserSession = PARTS[0].make(session, user=user)
    return made


def present(found: dict[Any, Any]) -> list[Any]:
    """Return the objects of those rows that are there: who holds no role has an empty one."""
    return [one for one in found.values() if one is not None]


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
