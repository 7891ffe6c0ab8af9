"""By what a search can be narrowed: themes, groups, and the writer and keyword that were asked for."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import CompoundSelect, Select, literal, select, union_all

from app.extensions import db
from app.lib.slugs import slugify
from app.models import Group, Tag, Theme, User
from app.policy import groups_visible_to, open_to
from app.queries.prepared import prepared
from app.queries.tags import stands_in_sight


class Choice(NamedTuple):
    """Something to narrow a search by: its id, how the address calls it, and its name."""

    id: int
    slug: str
    name: str


@dataclass(frozen=True)
class Choices:
    """What can be chosen; `author` and `tag` are what the address asks for, if there is such a one."""

    themes: tuple[Choice, ...]
    groups: tuple[Choice, ...]
    author: Choice | None
    tag: Choice | None


def choices(user: Any, author: str, tag: str) -> Choices:
    """Read what can be chosen in one statement; `author` is a name or a handle, `tag` a slug."""
    asked = author or tag
    rows = (
        db.session.execute(choosable(user, author, tag)).all()
        if asked
        else prepared(choosable, user).rows()
    )
    found: dict[str, list[Choice]] = {}
    for row in sorted(rows, key=lambda row: (row.place, row.name.casefold())):
        found.setdefault(row.what, []).append(Choice(row.id, row.slug, row.name))
    return Choices(
        tuple(found.get("theme", [])),
        tuple(found.get("group", [])),
        next(iter(found.get("author", [])), None),
        next(iter(found.get("tag", [])), None),
    )


def choosable(user: Any, author: str = "", tag: str = "") -> CompoundSelect[Any]:
    """Select what, id, slug, name and place of all that can be chosen."""
    parts = [
        part("theme", Theme, Theme.slug, Theme.position).where(Theme.archived_at.is_(None)),
        part("group", Group, Group.slug).where(groups_visible_to(user), open_to(user, Group.id)),
    ]
    if author:
        parts.append(writer(author))
    if tag:
        parts.append(part("tag", Tag, Tag.slug).where(Tag.slug == tag, stands_in_sight(user)))
    return union_all(*parts)


def part(what: str, model: Any, slug: Any, place: Any = 0) -> Select[Any]:
    """Select one sort of things that can be chosen."""
    place = literal(place) if isinstance(place, int) else place
    return select(
        literal(what).label("what"), model.id.label("id"), slug.label("slug"),
        model.name.label("name"), place.label("place"),
    )  # fmt: skip


def writer(name: str) -> Select[Any]:
    """Select the person with this handle, else the first whose name begins so."""
    handle = slugify(name)
    first = (
        select(User.id)
        .where(User.handle.startswith(handle, autoescape=True))
        .order_by(User.handle != handle, User.handle)
        .limit(1)
        .scalar_subquery()
    )
    return part("author", User, User.handle).where(User.id == first)
