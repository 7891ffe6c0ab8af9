"""Lists of pieces: rows with what one line shows, and pages of them at any depth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    and_,
    bindparam,
    or_,
    select,
    tuple_,
    union_all,
)

from app.extensions import db
from app.lib.keyset import decode_cursor, encode_cursor
from app.models import (
    Content,
    Discussion,
    Group,
    Status,
    Tag,
    TagAlias,
    Theme,
    User,
    content_tags,
    unindexed,
)
from app.models.unattached import Prepared
from app.policy import visible_to
from app.queries.content import PAGE
from app.queries.prepared import Asked, at_present

Rows = Select[*tuple[Any, ...]]
Line = Row[*tuple[Any, ...]]
detail = Discussion.__table__


def listed(user: Any) -> Rows:
    """Select the published pieces of every type that `user` may read, as rows for a list.

    A row has what `content/_rows.html` shows: columns of `Content` by their names, `is_question`
    and `answer_id` of a discussion, and author, theme and group by id, name and slug. All joins are
    outer ones, also to the author, who is always there: a database leaves out those of which nothing
    is asked.
    """
    return (
        select(
            Content.id, Content.kind, Content.title, Content.slug, Content.summary,
            Content.published_at, Content.last_active_at, Content.last_comment_at,
            Content.comment_count, Content.pinned_until, Content.locked_at, Content.locked_until,
            Content.hidden_at, Content.held_at, Content.withdrawn_at, Content.featured_at,
            Content.author_id,
            detail.c.is_question, detail.c.answer_id,
            User.name.label("author_name"), User.handle.label("author_handle"),
            Theme.name.label("theme_name"), Theme.slug.label("theme_slug"),
            Group.name.label("group_name"), Group.slug.label("group_slug"),
        )
        .outerjoin(User, User.id == Content.author_id)
        .outerjoin(detail, detail.c.id == Content.id)
        .outerjoin(Theme, Theme.id == Content.theme_id)
        .outerjoin(Group, Group.id == Content.group_id)
        .where(visible_to(user), Content.status == Status.PUBLISHED, not_merged())
    )  # fmt: skip


def not_merged() -> ColumnElement[bool]:
    """Hold for the pieces that are more than a page that leads to another."""
    return unindexed(Content.merged_into_id).is_(None)


def has_tag(slug: Any) -> ColumnElement[bool]:
    """Hold for the pieces with this keyword, also by a name that it had before."""
    former = select(TagAlias.tag_id).where(TagAlias.slug == slug)
    meant = union_all(select(Tag.id).where(Tag.slug == slug), former)
    carry = select(content_tags.c.content_id).where(content_tags.c.tag_id.in_(meant))
    return Content.id.in_(carry)


def pinned() -> ColumnElement[bool]:
    """Hold for the pieces that stand on top now."""
    return and_(Content.pinned_until.is_not(None), Content.pinned_until > at_present())


def not_pinned() -> ColumnElement[bool]:
    """Hold for the other pieces: the twin of `pinned`, for pieces that never were as well."""
    return or_(Content.pinned_until.is_(None), Content.pinned_until <= at_present())


def open_for_answers() -> ColumnElement[bool]:
    """Hold for the pieces that stand and can be replied to: not hidden, withdrawn or locked."""
    return and_(
        Content.hidden_at.is_(None),
        Content.withdrawn_at.is_(None),
        or_(Content.locked_at.is_(None), Content.locked_until <= at_present()),
    )


@dataclass(frozen=True)
class Page:
    """Rows, and the cursors with which the list goes on at both ends; None where it ends."""

    rows: Sequence[Line]
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Order:
    """A moment by which a list is sorted, newest first unless `oldest_first`; ties go by id."""

    column: Any
    name: str
    oldest_first: bool = False

    def cursor(self, row: Line) -> str:
        """Return the cursor of a row."""
        return encode_cursor(getattr(row, self.name), row.id)

    def sort(self, query: Rows, *, backwards: bool) -> Rows:
        """Sort a query; `backwards` from the other end."""
        if self.oldest_first is not backwards:
            return query.order_by(self.column, Content.id)
        return query.order_by(self.column.desc(), Content.id.desc())

    def beyond(self, *, backwards: bool) -> ColumnElement[bool]:
        """Hold for the rows past a cursor, `moment` and `key`, in the direction of reading."""
        here = tuple_(self.column, Content.id)
        there = tuple_(bindparam("moment", type_=self.column.type), bindparam("key", type_=Integer))
        return here > there if self.oldest_first is not backwards else here < there


BY_ACTIVITY = Order(Content.last_active_at, "last_active_at")
BY_WAITING = Order(Content.published_at, "published_at", oldest_first=True)


def page_of(
    query: Rows | Asked, order: Order, after: str | None, before: str | None, size: int = PAGE
) -> Page:
    """Read one page of a list in one statement, however deep.

    `after` and `before` are cursors; at most one counts, `before` first. A page read backwards that
    turns out to be the start has `before=None`. Raises BadCursorError for a made-up cursor.
    """
    backwards = bool(before)
    start = decode_cursor(before or after, (datetime, int))
    cursor = {"moment": start[0], "key": start[1]} if start else {}
    found = list(read(query, Cut(order, backwards, start is not None, size + 1), cursor))
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    if not found:
        return Page(found, None, None)
    earlier, later = (more, True) if backwards else (start is not None, more)
    return Page(
        found,
        order.cursor(found[0]) if earlier else None,
        order.cursor(found[-1]) if later else None,
    )


@dataclass(frozen=True)
class Cut:
    """Which part of a list is read: in which order, from a cursor or from an end, how many rows."""

    order: Order
    backwards: bool
    goes_on: bool
    most: int


def read(query: Rows | Asked, cut: Cut, cursor: Mapping[str, Any]) -> Sequence[Line]:
    """Return part of a list."""
    if isinstance(query, Asked):
        return Asked(cut_once(query.made, cut), {**query.values, **cursor}).rows()
    return db.session.execute(cut_out(query, cut), cursor).all()


def cut_out(query: Rows, cut: Cut) -> Rows:
    """Select part of a list."""
    if cut.goes_on:
        query = query.where(cut.order.beyond(backwards=cut.backwards))
    return cut.order.sort(query, backwards=cut.backwards).limit(cut.most)


@lru_cache(200)
def cut_once(query: Prepared, cut: Cut) -> Prepared:
    """Return a statement that selects part of a list, made once."""
    return Prepared(cut_out(query.statement, cut), named=True)
