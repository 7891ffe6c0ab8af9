"""The log, as far as a reader may see it, and lists that go on from a cursor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Generic, TypeVar

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from app.extensions import Base, db
from app.lib.clock import AMSTERDAM
from app.lib.keyset import decode_cursor, encode_cursor
from app.models import Attachment, Comment, Content, Group, LogEntry, User
from app.policy import groups_in_log_of, log_visible_to

PIECES = ("discussion", "wiki")
LOG_A_PAGE = 50
LOG_EXPORTED = 50_000
# What people do with their own account is their own business, and that of administrators.
PRIVATE_ACTIONS = ("password_changed",)

Item = TypeVar("Item", bound=Base)


@dataclass(frozen=True)
class LogSearch:
    """What to look for in the log; empty fields let everything through. Days are inclusive.

    `person` is a name: what they did, and what was done to them or to what they wrote. `group` is
    the address of one.
    """

    action: str = ""
    kind: str = ""
    actor: str = ""
    q: str = ""
    person: str = ""
    group: str = ""
    since: date | None = None
    until: date | None = None


def log_of(user: User, search: LogSearch) -> Select[LogEntry]:
    """Select the rows of the log that `user` may see and asks for."""
    found = select(LogEntry).where(log_visible_to(user), LogEntry.action.not_in(PRIVATE_ACTIONS))
    asked = [
        search.action and LogEntry.action == search.action,
        search.kind and LogEntry.subject_kind == search.kind,
        search.actor and LogEntry.actor_name.icontains(search.actor, autoescape=True),
        search.q and says(search.q),
        search.person and by_or_about(search.person),
        search.group and LogEntry.group_id.in_(select(Group.id).where(Group.slug == search.group)),
        search.since and LogEntry.at >= start_of(search.since),
        search.until and LogEntry.at < start_of(search.until + timedelta(days=1)),
    ]
    # What was asked for is a condition, that has no truth of its own; the rest is empty.
    return found.where(*(each for each in asked if isinstance(each, ColumnElement)))


def says(words: str) -> ColumnElement[bool]:
    """Hold for rows with these words in what they are about, why, or what came of it."""
    fields = (LogEntry.subject_label, LogEntry.reason, LogEntry.result)
    return or_(*(each.icontains(words, autoescape=True) for each in fields))


def by_or_about(name: str) -> ColumnElement[bool]:
    """Hold for rows of which someone of this name is the actor, the subject, or wrote the subject."""
    person = select(User.id).where(
        or_(func.lower(User.name) == name.lower(), User.handle == name.lower().removeprefix("@"))
    )
    kind, key = LogEntry.subject_kind, LogEntry.subject_id
    pieces = select(Content.id).where(Content.author_id.in_(person))
    replies = select(Comment.id).where(Comment.author_id.in_(person))
    documents = select(Attachment.id).where(Attachment.uploader_id.in_(person))
    return or_(
        LogEntry.actor_id.in_(person),
        LogEntry.actor_name == name,
        and_(kind == "user", key.in_(person)),
        and_(kind.in_(PIECES), key.in_(pieces)),
        and_(kind == "comment", key.in_(replies)),
        and_(kind == "attachment", key.in_(documents)),
    )


def groups_in_log(user: User) -> Select[Group]:
    """Select the groups of which `user` can see what was logged, by name."""
    return select(Group).where(groups_in_log_of(user)).order_by(func.lower(Group.name), Group.id)


def start_of(day: date) -> datetime:
    """Return the first moment of a day on a Dutch clock."""
    return datetime.combine(day, time(), AMSTERDAM)


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Some rows, and the cursors with which the list goes on; None where it ends."""

    rows: Sequence[Item]
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Newest(Generic[Item]):
    """A list by these attributes, newest first unless told, that goes on from a cursor at any depth."""

    model: type[Item]
    names: tuple[str, ...]
    types: tuple[type[Any], ...]
    size: int
    oldest_first: bool = False

    def page(self, query: Select[Item], after: str | None, before: str | None) -> Page[Item]:
        """Read one page. Raises BadCursorError for a cursor that this list did not make."""
        columns = [getattr(self.model, name) for name in self.names]
        start = decode_cursor(before or after, self.types)
        upwards = bool(before) is not self.oldest_first
        if start is not None:
            here = tuple_(*columns)
            there = tuple_(*(literal(v, c.type) for v, c in zip(start, columns, strict=True)))
            query = query.where(here > there if upwards else here < there)
        ordered = query.order_by(*(c.asc() if upwards else c.desc() for c in columns))
        rows = list(db.session.scalars(ordered.limit(self.size + 1)))
        more, rows = len(rows) > self.size, rows[: self.size]
        if before:
            rows.reverse()
        if not rows:
            return Page(rows, None, None)
        newer, older = (more, True) if before else (start is not None, more)
        return Page(
            rows,
            self._cursor(rows[0]) if newer else None,
            self._cursor(rows[-1]) if older else None,
        )

    def _cursor(self, item: Item) -> str:
        return encode_cursor(*(getattr(item, name) for name in self.names))


LOGGED = Newest(LogEntry, ("id",), (int,), LOG_A_PAGE)
