"""What the home page tells a member."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, or_, select, union_all

from app.extensions import db
from app.lib.clock import now
from app.lib.working_days import working_days_between
from app.models import Content, Status, User
from app.queries.discussions import unanswered
from app.queries.listing import BY_ACTIVITY, BY_WAITING, Line, listed

NEWEST = 6
WAITING = 4
FEATURED = 3
IN_GROUPS = 5


@dataclass(frozen=True)
class Waiting:
    """A discussion without an answer, and how many working days it has waited."""

    row: Line
    days: int


def newest(user: User) -> Sequence[Line]:
    """Return what happened last outside the member's own groups, which `in_groups` shows."""
    shown = listed(user).where(
        or_(Content.group_id.is_(None), Content.group_id.not_in(own_groups(user))),
        Content.hidden_at.is_(None),
        Content.withdrawn_at.is_(None),
    )
    return db.session.execute(BY_ACTIVITY.sort(shown, backwards=False).limit(NEWEST)).all()


def waiting(user: User) -> Sequence[Waiting]:
    """Return the discussions of others that wait longest for an answer."""
    others = unanswered(user).where(Content.author_id != user.id)
    rows = db.session.execute(BY_WAITING.sort(others, backwards=False).limit(WAITING))
    moment = now()
    return [Waiting(row, working_days_between(row.published_at, moment)) for row in rows]


def featured(user: User) -> Sequence[Line]:
    """Return what moderators featured last."""
    shown = listed(user).where(
        Content.featured_at.is_not(None),
        Content.hidden_at.is_(None),
        Content.withdrawn_at.is_(None),
    )
    newest_first = shown.order_by(Content.featured_at.desc(), Content.id.desc())
    return db.session.execute(newest_first.limit(FEATURED)).all()


def in_groups(user: User) -> Sequence[Line]:
    """Return what happened last in the member's own groups."""
    last = [newest_in(group_id) for group_id in own_groups(user)]
    if not last:
        return []
    shown = listed(user).where(Content.id.in_(union_all(*last)))
    return db.session.execute(BY_ACTIVITY.sort(shown, backwards=False).limit(IN_GROUPS)).all()


def newest_in(group_id: int) -> Select[tuple[int]]:
    """Select the ids of the pieces of one group in which something happened last.

    By group, because each list is then read in the order of its index: groups can be large.
    """
    found = (
        select(Content.id)
        .where(
            Content.group_id == group_id,
            Content.status == Status.PUBLISHED,
            Content.hidden_at.is_(None),
            Content.withdrawn_at.is_(None),
        )
        .order_by(Content.last_active_at.desc(), Content.id.desc())
        .limit(IN_GROUPS)
        .subquery()
    )
    return select(found.c.id)


def own_groups(user: User) -> list[int]:
    """Return the ids of the groups of which `user` is a member."""
    return [membership.group_id for membership in user.memberships]
