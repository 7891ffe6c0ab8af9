"""What the home page tells a member. Each piece stands once, where it comes first."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, or_, select, union_all

from app.extensions import db
from app.lib.clock import now
from app.lib.working_days import working_days_between
from app.models import Content, Status, User
from app.policy import memberships_of
from app.queries.blocks import unmuted
from app.queries.discussions import unanswered
from app.queries.following import followed
from app.queries.listing import BY_ACTIVITY, BY_WAITING, Line, listed

FOLLOWED = 4
NEWEST = 5
WAITING = 4
FEATURED = 3
IN_GROUPS = 5


@dataclass(frozen=True)
class Waiting:
    """A discussion without an answer, and how many working days it has waited."""

    row: Line
    days: int


@dataclass(frozen=True)
class Home:
    """The sections of the page, in their order."""

    featured: Sequence[Line]
    followed: Sequence[Line]
    waiting: Sequence[Waiting]
    newest: Sequence[Line]
    in_groups: Sequence[Line]

    def __bool__(self) -> bool:
        """Tell whether there is anything to read."""
        return any((self.featured, self.followed, self.waiting, self.newest, self.in_groups))


def home_of(user: User) -> Home:
    """Read the sections for one member."""
    first = featured(user)
    shown = {row.id for row in first}
    of_followed = [row for row in followed(user, FOLLOWED) if row.id not in shown]
    shown |= {row.id for row in of_followed}
    waits = waiting(user, shown)
    shown |= {wait.row.id for wait in waits}
    return Home(first, of_followed, waits, newest(user, shown), in_groups(user, shown))


def newest(user: User, shown: Collection[int] = ()) -> Sequence[Line]:
    """Return what happened last outside the member's own groups, which `in_groups` shows."""
    found = listed(user).where(
        or_(Content.group_id.is_(None), Content.group_id.not_in(own_groups(user))),
        Content.hidden_at.is_(None),
        Content.withdrawn_at.is_(None),
        Content.id.not_in(shown),
        unmuted(user),
    )
    return db.session.execute(BY_ACTIVITY.sort(found, backwards=False).limit(NEWEST)).all()


def waiting(user: User, shown: Collection[int] = ()) -> Sequence[Waiting]:
    """Return the discussions of others that wait longest for an answer."""
    others = unanswered(user).where(Content.author_id != user.id, Content.id.not_in(shown))
    rows = db.session.execute(BY_WAITING.sort(others, backwards=False).limit(WAITING))
    moment = now()
    return [Waiting(row, working_days_between(row.published_at, moment)) for row in rows]


def featured(user: User) -> Sequence[Line]:
    """Return what moderators featured last."""
    found = listed(user).where(
        Content.featured_at.is_not(None),
        unmuted(user),
        Content.hidden_at.is_(None),
        Content.withdrawn_at.is_(None),
    )
    newest_first = found.order_by(Content.featured_at.desc(), Content.id.desc())
    return db.session.execute(newest_first.limit(FEATURED)).all()


def in_groups(user: User, shown: Collection[int] = ()) -> Sequence[Line]:
    """Return what happened last in the member's own groups."""
    last = [newest_in(user, group_id, shown) for group_id in own_groups(user)]
    if not last:
        return []
    found = listed(user).where(Content.id.in_(union_all(*last)))
    return db.session.execute(BY_ACTIVITY.sort(found, backwards=False).limit(IN_GROUPS)).all()


def newest_in(user: User, group_id: int, shown: Collection[int]) -> Select[tuple[int]]:
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
            Content.id.not_in(shown),
            unmuted(user),
        )
        .order_by(Content.last_active_at.desc(), Content.id.desc())
        .limit(IN_GROUPS)
        .subquery()
    )
    return select(found.c.id)


def own_groups(user: User) -> list[int]:
    """Return the ids of the groups of which `user` is a member."""
    return [membership.group_id for membership in memberships_of(user)]
