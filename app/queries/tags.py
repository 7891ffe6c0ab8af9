"""Keywords, as far as a reader may know of them: one that stands on secret pieces only is secret."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, exists, func, or_, select

from app.extensions import db
from app.lib.keyset import decode_cursor, encode_cursor
from app.models import (
    Content,
    Group,
    GroupKind,
    Status,
    Tag,
    TagAlias,
    Theme,
    User,
    content_tags,
)
from app.policy import visible_to

KEYWORDS_A_PAGE = 100
OFFERED = 300
"""How many names the field for the keyword to merge with offers."""
UNUSED_SHOWN = 100
POPULAR = 12
TOGETHER = 8
"""How many keywords the page of another one names."""


def tag_known_to(user: Any, slug: str) -> Select[Tag]:
    """Select a keyword, if there is a piece with it that `user` can read: others stay secret."""
    return select(Tag).where(Tag.slug == slug, stands_in_sight(user))


def tag_formerly(user: Any, slug: str) -> Select[Tag]:
    """Select the keyword that had this name before, if `user` may know of it."""
    former = select(TagAlias.tag_id).where(TagAlias.slug == slug)
    return select(Tag).where(Tag.id.in_(former), stands_in_sight(user))


def known_or_unused(user: Any) -> Select[Tag]:
    """Select the keywords that who keeps them in order may know of: in sight, or used nowhere."""
    return select(Tag).where(or_(stands_in_sight(user), nowhere()))


def known(tag: Tag, user: Any) -> bool:
    """Tell whether a keyword is one of those."""
    return db.session.scalar(known_or_unused(user).where(Tag.id == tag.id)) is not None


def stands_in_sight(user: Any) -> ColumnElement[bool]:
    """Hold for the keywords of pieces that `user` can read."""
    carried = (
        select(content_tags.c.tag_id)
        .join(Content, Content.id == content_tags.c.content_id)
        .where(content_tags.c.tag_id == Tag.id, visible_to(user))
    )
    return carried.exists()


def nowhere() -> ColumnElement[bool]:
    """Hold for the keywords that stand on no piece at all, not on a secret one either."""
    return ~exists().where(content_tags.c.tag_id == Tag.id)


def unused() -> Select[Tag]:
    """Select the keywords that stand nowhere."""
    return select(Tag).where(nowhere()).order_by(Tag.slug).limit(UNUSED_SHOWN)


def in_use(user: Any) -> Select[str, str, int]:
    """Select slug, name and number of pieces of each keyword, as far as `user` can read those."""
    return (
        select(Tag.slug, Tag.name, func.count().label("pieces"))
        .join(content_tags, content_tags.c.tag_id == Tag.id)
        .join(Content, Content.id == content_tags.c.content_id)
        .where(visible_to(user), Content.status == Status.PUBLISHED)
        .group_by(Tag.id, Tag.slug, Tag.name)
    )


def most_used(user: Any) -> Select[str, str, int]:
    """Select the keywords on the most pieces, as `in_use` does."""
    return in_use(user).order_by(func.count().desc(), Tag.slug).limit(POPULAR)


def pieces_with(tag: Tag, user: Any) -> int:
    """Count the pieces with a keyword that `user` finds on its page."""
    found = db.session.execute(in_use(user).where(Tag.id == tag.id)).first()
    return found.pieces if found else 0


def kinds_and_themes(tag: Tag, user: Any) -> Select[str, str | None, str | None, int]:
    """Select kind, slug and name of the theme, and number of the pieces that `tag` has for `user`."""
    return (
        select(Content.kind, Theme.slug, Theme.name, func.count().label("pieces"))
        .join(content_tags, content_tags.c.content_id == Content.id)
        .outerjoin(Theme, Theme.id == Content.theme_id)
        .where(
            content_tags.c.tag_id == tag.id, visible_to(user), Content.status == Status.PUBLISHED
        )
        .group_by(Content.kind, Theme.slug, Theme.name)
        .order_by(Content.kind, Theme.name)
    )


def often_with(tag: Tag, user: Any) -> Select[str, str, int]:
    """Select slug, name and number of the keywords that stand with `tag` on the most pieces."""
    here, there = content_tags.alias("here"), content_tags.alias("there")
    together = func.count().label("pieces")
    return (
        select(Tag.slug, Tag.name, together)
        .join(there, there.c.tag_id == Tag.id)
        .join(here, here.c.content_id == there.c.content_id)
        .join(Content, Content.id == here.c.content_id)
        .where(
            here.c.tag_id == tag.id,
            there.c.tag_id != tag.id,
            visible_to(user),
            Content.status == Status.PUBLISHED,
        )
        .group_by(Tag.id, Tag.slug, Tag.name)
        .order_by(together.desc(), Tag.slug)
        .limit(TOGETHER)
    )


@dataclass(frozen=True)
class Page:
    """Keywords by the alphabet, and the cursors with which the list goes on; None where it ends."""

    rows: Sequence[Row[str, str, int]]
    before: str | None
    after: str | None


def page_of(user: Any, after: str | None, before: str | None) -> Page:
    """Read a page of the keywords in use; raises BadCursorError for a made-up cursor."""
    backwards = bool(before)
    start = decode_cursor(before or after, (str,))
    query = in_use(user).order_by(Tag.slug.desc() if backwards else Tag.slug)
    if start is not None:
        query = query.where(Tag.slug < start[0] if backwards else Tag.slug > start[0])
    rows = list(db.session.execute(query.limit(KEYWORDS_A_PAGE + 1)))
    more, rows = len(rows) > KEYWORDS_A_PAGE, rows[:KEYWORDS_A_PAGE]
    if backwards:
        rows.reverse()
    earlier, later = (more, True) if backwards else (start is not None, more)
    return Page(
        rows,
        encode_cursor(rows[0].slug) if rows and earlier else None,
        encode_cursor(rows[-1].slug) if rows and later else None,
    )


def names_offered(user: Any, but: Tag) -> Sequence[str]:
    """Return the names of the keywords most in use, without one, as suggestions."""
    found = in_use(user).where(Tag.id != but.id).order_by(func.count().desc(), Tag.slug)
    return [row.name for row in db.session.execute(found.limit(OFFERED))]


def group_that_knows(tag: Tag, actor: User) -> int | None:
    """Return the group outside which nobody knows a keyword; None when the community does.

    Of the pieces that `actor` can read: one that all can read tells that all know the word.
    """
    shut = case((Group.kind.in_([GroupKind.CLOSED, GroupKind.HIDDEN]), Group.id), else_=None)
    found = (
        select(shut)
        .select_from(content_tags)
        .join(Content, Content.id == content_tags.c.content_id)
        .outerjoin(Group, Group.id == Content.group_id)
        .where(content_tags.c.tag_id == tag.id, visible_to(actor))
        .order_by(shut.is_not(None), Content.id)
        .limit(1)
    )
    return db.session.scalar(found)
