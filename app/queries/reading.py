"""One piece as its page shows it: all of it in one statement, for one reader.

Statements are built once, from columns: building them anew, and loading objects by the session,
costs more than the rows. Who may read the piece is asked of app.policy by the view.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    String,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
)  # fmt: skip
from sqlalchemy.orm import aliased

from app.models import (
    Bookmark,
    Content,
    Draft,
    Follow,
    Grant,
    Group,
    Helped,
    Like,
    PageSource,
    Tag,
    Theme,
    Transfer,
    User,
    WikiPage,
    content_tags,
)
from app.models.unattached import MAKING, Part, Prepared, columns, quoted, split
from app.queries.reactions import Reactions, reactions_of
from app.queries.reviews import open_doubts

PIECES_KEPT = 256
PERSON = ("id", "name", "handle", "photo_sha256", "photo_audience", "deactivated_at")
Editor = aliased(User)
AROUND = (
    Part(User, *PERSON),
    Part(Editor, "id", "name", "handle"),
    Part(Theme),
    Part(Group),
)
BESIDE: dict[type[Content], dict[str, Any]] = {
    WikiPage: {name: aliased(User) for name in ("owner", "offered_by", "reviewed_by")},
}
"""Who else has to do with a piece of some type."""
COUNTED = "view_count"
"""What changes with every reader: it is no part of the piece that readers share."""
BETWEEN, INSIDE = "\x1e", "\x1f"
READER = bindparam("reader", type_=Like.user_id.type)
DRAFTS = bindparam("drafts", type_=String())


@dataclass(frozen=True)
class Reading:
    """A piece, what its author is besides a member, how often it was read, and the reader's marks."""

    content: Any
    roles: frozenset[str]
    views: int
    reactions: Reactions


@cache
def own_part(model: type[Content]) -> Part:
    """Return the columns of a type of piece that its readers share."""
    return Part(model, *(name for name in Part(model).names if name != COUNTED))


@cache
def parts(model: type[Content]) -> tuple[Part, ...]:
    """Return what is read of a type of piece, and of what is around it."""
    people = BESIDE.get(model, {}).values()
    return (own_part(model), *AROUND, *(Part(person, *PERSON) for person in people))


@cache
def statement(model: type[Content]) -> Prepared:
    """Select one piece of a type with what is around it, and the marks of one reader."""
    tags = (
        select(
            func.aggregate_strings(
                type_coerce(Tag.id, String).concat(quoted(INSIDE))
                .concat(Tag.slug).concat(quoted(INSIDE)).concat(Tag.name),
                quoted(BETWEEN),
            )
        )
        .join(content_tags, content_tags.c.tag_id == Tag.id)
        .where(content_tags.c.content_id == Content.id)
    )  # fmt: skip
    roles = select(func.aggregate_strings(type_coerce(Grant.role, String), quoted(",")))
    level = select(Follow.level).where(Follow.content_id == Content.id, Follow.user_id == READER)
    found = (
        select(
            *columns(parts(model)),
            tags.scalar_subquery(),
            roles.where(Grant.user_id == Content.author_id).scalar_subquery(),
            Content.view_count,
            exists().where(Like.content_id == Content.id, Like.user_id == READER),
            level.scalar_subquery(),
            exists().where(Bookmark.content_id == Content.id, Bookmark.user_id == READER),
            exists().where(Helped.content_id == Content.id, Helped.user_id == READER),
            open_doubts(Content.id) if model is WikiPage else literal_column("0"),
            or_(
                exists().where(
                    Draft.user_id == READER,
                    # LIKE with a value would make SQLite prepare the whole statement anew.
                    func.substr(Draft.place, 1, func.length(DRAFTS)) == DRAFTS,
                ),
                exists().where(PageSource.source_id == Content.id),
                exists().where(Transfer.source_id == Content.id),
                exists().where(Transfer.target_id == Content.id),
            ),
        )
        .select_from(model)
        .join(User, User.id == Content.author_id)
        .outerjoin(Editor, Editor.id == Content.edited_by_id)
        .outerjoin(Theme, Theme.id == Content.theme_id)
        .outerjoin(Group, Group.id == Content.group_id)
        .where(Content.id == bindparam("content"))
    )
    for name, person in BESIDE.get(model, {}).items():
        found = found.outerjoin(person, person.id == getattr(model, f"{name}_id"))
    return Prepared(found)


def read_piece(
    model: type[Content], reader: User, key: int, draft_id: int | None = None
) -> Reading | None:
    """Return a piece with what `reader` added to it; None where there is none of this type.

    What few pieces have (a reply that the reader began, a wiki page that came from it, replies that
    were moved) is looked up in one more statement.
    """
    with MAKING:
        asked = statement(model)
    found = asked.rows(reader=reader.id, content=key, drafts=f"{model.folder}:{key}:comment")
    if not found:
        return None
    *shared, roles, views, liked, level, bookmarked, helped, doubts, has_more = found[0]
    content = piece(model, tuple(shared))
    reactions = (
        reactions_of(reader, content, draft_id)
        if has_more
        else Reactions(liked, level, bookmarked, helped, 0, doubts, 0, None)
    )
    return Reading(content, frozenset((roles or "").split(",")), views, reactions)


@lru_cache(PIECES_KEPT)
def piece(model: type[Content], row: tuple[Any, ...]) -> Any:
    """Return the piece that a row tells of, with its people, theme, group and keywords."""
    names = ("author", "edited_by", "theme", "group", *BESIDE.get(model, {}))
    own, *around, (tags,) = split(row, parts(model))
    made = zip(names, parts(model)[1:], around, strict=True)
    related = {name: part.make(values) for name, part, values in made}
    return parts(model)[0].make(own, tags=keywords(tags), **related)


TAG = Part(Tag, "id", "slug", "name")


def keywords(text: str | None) -> Sequence[Tag]:
    """Return the keywords that stand in one text, by name."""
    found = [line.split(INSIDE) for line in (text or "").split(BETWEEN) if line]
    made = [TAG.make((int(key), slug, name)) for key, slug, name in found]
    return sorted(made, key=lambda tag: str(tag.name))
