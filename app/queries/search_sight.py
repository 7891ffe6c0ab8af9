"""What someone may find, and what they narrow a search to: looked up when they search.

For documents joined, outer, to all that a document can be of.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.models import (
    Attachment,
    Comment,
    Content,
    ContentView,
    Group,
    SearchDocument,
    Status,
    Theme,
    ThemeAlias,
    User,
)
from app.models.search import AGE, PERSON_PARTS, age_id
from app.policy import (
    attachments_visible_to,
    groups_visible_to,
    openings_shown_to,
    part_visible_to,
    sight_of,
    texts_shown_to,
    visible_to,
)
from app.queries.listing import has_tag, not_merged
from app.queries.search_results import Filters, midnight
from app.queries.tags import stands_in_sight

PIECES = ("discussion", "wiki")


def in_sight(user: Any) -> ColumnElement[bool]:
    """Hold for documents of which `user` may read the words."""
    kind = SearchDocument.kind
    opening = and_(SearchDocument.content_id.is_not(None), openings_shown_to(user), not_merged())
    reply = and_(kind == "comment", texts_shown_to(user))
    return or_(
        and_(visible_to(user), or_(opening, reply)),
        and_(kind == "file", attachments_visible_to(user)),
        and_(kind == "person", person_in_sight(user)),
        and_(kind == "tag", stands_in_sight(user)),
        and_(kind == "group", groups_visible_to(user)),
        kind == "theme",
        kind == "page",
    )


def person_in_sight(user: Any) -> ColumnElement[bool]:
    """Hold for the name of everyone with an account, and for what they show to `user`."""
    part = SearchDocument.part
    shown = [and_(part == each, part_visible_to(each, user)) for each in PERSON_PARTS if each]
    return and_(User.deactivated_at.is_(None), or_(part == "", *shown))


def kinds_for(filters: Filters) -> Sequence[str]:
    """Return the kinds that can fit, all when it is none: their ids tell it at once."""
    if filters.type:
        return (filters.type,)
    if filters.author is not None:
        return (*PIECES, "comment", "file")
    return (*PIECES, "comment", "file") if chooses_pieces(filters) else ()


def narrowed(user: Any, filters: Filters) -> ColumnElement[bool]:
    """Hold for documents that fit the filters."""
    conditions = [put_away() if filters.archived else in_use(), *of_pieces(user, filters)]
    if filters.author is not None:
        conditions.append(author_id() == filters.author)
    if filters.since:
        least = age_id(midnight(filters.since))
        conditions.append(SearchDocument.id.op("&")(AGE) >= least)
    return and_(*conditions)


def of_pieces(user: Any, filters: Filters) -> Iterator[ColumnElement[bool]]:
    """Yield conditions on `Content` for the filters by which pieces are chosen."""
    if filters.theme:
        yield Content.theme_id.in_(themes_called(filters.theme))
    if filters.group:
        called = aliased(Group)
        yield Content.group_id.in_(select(called.id).where(called.slug == filters.group))
    if filters.tag:
        yield has_tag(filters.tag)
    if filters.seen is not None:
        seen = exists().where(
            ContentView.content_id == Content.id, ContentView.user_id == sight_of(user).id
        )
        yield seen if filters.seen else ~seen


def chooses_pieces(filters: Filters) -> bool:
    """Tell whether filters choose pieces."""
    return bool(filters.theme or filters.group or filters.tag or filters.seen is not None)


def chosen_pieces(user: User, filters: Filters) -> Select[int]:
    """Select the pieces that the filters choose, of those that `user` can read."""
    return select(Content.id).where(visible_to(user), *of_pieces(user, filters))


def put_away() -> ColumnElement[bool]:
    """Hold for pieces in the bin and themes out of use."""
    return or_(Content.status == Status.ARCHIVED, Theme.archived_at.is_not(None))


def in_use() -> ColumnElement[bool]:
    """Hold for all else: the twin of `put_away`, for documents of other kinds as well."""
    return and_(
        or_(Content.id.is_(None), Content.status != Status.ARCHIVED), Theme.archived_at.is_(None)
    )


def themes_called(slug: str) -> Any:
    """Select the id of the theme with this address, also of one that it had before."""
    called = aliased(Theme)
    former = select(ThemeAlias.theme_id).where(ThemeAlias.slug == slug)
    return select(called.id).where(called.slug == slug).union_all(former)


def author_id() -> Any:
    """Return who wrote a reply, added a document, or wrote a piece."""
    return func.coalesce(Comment.author_id, Attachment.uploader_id, Content.author_id)
