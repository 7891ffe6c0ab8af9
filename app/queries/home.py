"""What the home page tells a member. Each piece stands once, where it comes first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import zip_longest
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    bindparam,
    literal,
    or_,
    select,
    union_all,
)

from app.lib.clock import now
from app.lib.working_days import working_days_between
from app.models import Content, Status, Theme, User
from app.policy import memberships_of
from app.queries.blocks import unmuted
from app.queries.discussions import unanswered
from app.queries.following import news
from app.queries.listing import BY_ACTIVITY, BY_WAITING, Line, Rows, listed
from app.queries.prepared import prepared
from app.queries.themes import themes_for


class Section(StrEnum):
    """The sections of the page, in their order."""

    FEATURED = "featured"
    FOLLOWED = "followed"
    WAITING = "waiting"
    NEWEST = "newest"
    IN_GROUPS = "in_groups"


MOST: dict[str, int] = {
    Section.FEATURED: 3,
    Section.FOLLOWED: 4,
    Section.WAITING: 4,
    Section.NEWEST: 5,
    Section.IN_GROUPS: 5,
}
ALL = sum(MOST.values())
ABOVE = MOST[Section.FEATURED] + MOST[Section.FOLLOWED] + MOST[Section.WAITING]
"""So many of what a section lower down would show can stand higher up already."""


@dataclass(frozen=True)
class Waiting:
    """A discussion without an answer, and how many working days it has waited."""

    row: Line
    days: int


@dataclass(frozen=True)
class Home:
    """The sections of the page, in their order, and the themes in use."""

    featured: Sequence[Line]
    followed: Sequence[Line]
    waiting: Sequence[Waiting]
    newest: Sequence[Line]
    in_groups: Sequence[Line]
    themes: Sequence[Theme]

    def __bool__(self) -> bool:
        """Tell whether there is anything to read."""
        return any((self.featured, self.followed, self.waiting, self.newest, self.in_groups))


def home_of(user: User) -> Home:
    """Read the page for one member in three statements: themes, which pieces, what a list shows."""
    themes, follows = themes_for(user)
    ids = chosen(candidates_for(user, follows))
    wanted = [key for keys in ids.values() for key in keys]
    named = {f"id_{number}": key for number, key in zip_longest(range(ALL), wanted, fillvalue=0)}
    rows = {row.id: row for row in prepared(by_ids, user, **named).rows()}
    featured, followed, waiting, newest, in_groups = (
        [rows[key] for key in ids[section] if key in rows] for section in Section
    )
    moment = now()
    waits = [Waiting(row, working_days_between(row.published_at, moment)) for row in waiting]
    return Home(featured, followed, waits, newest, in_groups, themes)


def chosen(candidates: dict[Section, list[int]]) -> dict[Section, list[int]]:
    """Return the ids of what each section shows: nothing twice."""
    shown: set[int] = set()
    found = {}
    for section in Section:
        found[section] = [key for key in candidates[section] if key not in shown][: MOST[section]]
        shown.update(found[section])
    return found


def candidates_for(user: User, follows: Sequence[int]) -> dict[Section, list[int]]:
    """Return the ids of what can stand in each section, in its order."""
    groups = own_groups(user)
    named = {f"own_{number}": key for number, key in enumerate(groups)}
    named |= {f"theme_{number}": key for number, key in enumerate(follows)}
    found: dict[Section, list[tuple[datetime, int]]] = {section: [] for section in Section}
    for section, key, moment in prepared(
        candidates, user, len(groups), len(follows), **named
    ).rows():
        found[Section(section)].append((moment, key))
    return {
        section: [key for _moment, key in sorted(rows, reverse=section is not Section.WAITING)]
        for section, rows in found.items()
    }


def candidates(user: Any, groups: int, themes: int) -> Select[Any]:
    """Select what can stand in each section, for who has so many groups and follows so many themes."""
    own, follows = names("own", groups), names("theme", themes)
    activity, published = Content.last_active_at, Content.published_at
    sections = [
        numbered(Section.FEATURED, Content.featured_at, featured(user).limit(MOST["featured"])),
        numbered(Section.FOLLOWED, published, news(user, follows, MOST["followed"])),
        numbered(Section.WAITING, published, waiting(user).limit(ABOVE)),
        numbered(Section.NEWEST, activity, newest(user, own).limit(ABOVE + MOST["newest"])),
    ]
    if own:
        found = in_groups(user, own).limit(ABOVE + MOST["in_groups"])
        sections.append(numbered(Section.IN_GROUPS, activity, found))
    return select(union_all(*sections).subquery())


def by_ids(user: Any) -> Rows:
    """Select the pieces whose ids are named by number; as many as the page can show."""
    return listed(user).where(Content.id.in_(names("id", ALL)))


def names(what: str, count: int) -> list[BindParameter[int]]:
    """Return the names of so many ids."""
    return [bindparam(f"{what}_{number}", type_=Integer) for number in range(count)]


def numbered(section: Section, column: Any, found: Rows) -> Select[Any]:
    """Select the ids of a section, with the moment by which it is sorted."""
    some = found.with_only_columns(Content.id, column.label("moment")).subquery()
    return select(literal(section.value).label("section"), some.c.id, some.c.moment)


def newest(user: Any, own: Sequence[Any]) -> Rows:
    """Select what happened last outside the member's own groups, which `in_groups` shows."""
    outside = [or_(Content.group_id.is_(None), Content.group_id.not_in(own))] if own else []
    return BY_ACTIVITY.sort(listed(user).where(*outside, *standing(user)), backwards=False)


def waiting(user: Any) -> Rows:
    """Select the discussions of others that wait longest for an answer."""
    return BY_WAITING.sort(unanswered(user).where(Content.author_id != user.id), backwards=False)


def featured(user: Any) -> Rows:
    """Select what moderators featured last."""
    found = listed(user).where(Content.featured_at.is_not(None), *standing(user))
    return found.order_by(Content.featured_at.desc(), Content.id.desc())


def in_groups(user: Any, own: Sequence[Any]) -> Rows:
    """Select what happened last in the member's own groups.

    By group, because each list is then read in the order of its index: groups can be large.
    """
    last = union_all(*(newest_in(user, group_id) for group_id in own))
    return BY_ACTIVITY.sort(listed(user).where(Content.id.in_(last)), backwards=False)


def newest_in(user: Any, group_id: Any) -> Select[tuple[int]]:
    """Select the ids of the pieces of one group in which something happened last."""
    found = (
        select(Content.id)
        .where(Content.group_id == group_id, Content.status == Status.PUBLISHED, *standing(user))
        .order_by(Content.last_active_at.desc(), Content.id.desc())
        .limit(ABOVE + MOST[Section.IN_GROUPS])
        .subquery()
    )
    return select(found.c.id)


def standing(user: Any) -> Sequence[ColumnElement[bool]]:
    """Hold for the pieces that nobody hid or took back, of those whom `user` does not mute."""
    return (Content.hidden_at.is_(None), Content.withdrawn_at.is_(None), unmuted(user))


def own_groups(user: User) -> list[int]:
    """Return the ids of the groups of which `user` is a member."""
    return [membership.group_id for membership in memberships_of(user)]
