"""Finding: all that someone may see, by the words in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, case, func, or_, select, type_coerce
from sqlalchemy.orm import aliased

from app.extensions import db
from app.lib.markdown import plain_text
from app.lib.search_query import Query, parse
from app.lib.search_snippet import mark, snippet
from app.lib.slugs import slugify
from app.models import (
    Attachment,
    Comment,
    Content,
    Department,
    Expertise,
    Group,
    Page,
    PageVersion,
    SearchDocument,
    SearchTerm,
    Status,
    Tag,
    Theme,
    User,
)
from app.models.search import age_id, moment_of
from app.models.unattached import Part, Prepared, quoted
from app.policy import part_visible_to
from app.queries.page_texts import shipped
from app.queries.pages import with_values
from app.queries.prepared import prepared
from app.queries.search_match import Among, as_given, best, given_ids
from app.queries.search_results import PAGE, TYPES, Filters, Hit, Results, midnight
from app.queries.search_sight import (
    author_id,
    chooses_pieces,
    chosen_pieces,
    in_sight,
    kinds_for,
    narrowed,
)
from app.queries.search_spelling import corrected

__all__ = ["PAGE", "TYPES", "Filters", "Hit", "Results", "search"]

Writer, PieceTheme, PieceGroup = aliased(User), aliased(Theme), aliased(Group)
"""Of the piece in which something was found; the models themselves are what was found."""
PERSON = Part(User, "id", "name")
BESIDE_NAME = ("job_title", "photo")
"""What a line about a person shows besides the part in which they were found."""
LOOKED_AT = 600
LOOKED_AT_NARROWED = 2_000
"""How many of the best hits are looked at; more of them where a filter leaves most of them out."""
MOST_PIECES = 500
"""A filter that leaves no more pieces is part of the question: then nothing else is looked at."""


def search(
    user: Any,
    query: Query,
    filters: Filters = Filters(),  # noqa: B008  # frozen
    *,
    order: str = "relevance",
    page: int = 1,
    size: int = PAGE,
) -> Results:
    """Return a page of what `user` may see that has all words of `query`.

    Three statements; a fourth for a filter by which pieces are chosen. `order` is "relevance" or
    "newest".
    """
    if not query or not isinstance(user, User) or not user.is_active:
        return Results()
    among, most = narrowest(user, filters)
    ids, all_of_it = best(query, most, among, ranked=order != "newest")
    seen = seen_hits(user, ids, filters)
    start = (page - 1) * size
    if not 0 <= start < len(seen):
        page, start = 1, 0
    return Results(
        hits=[hit_of(one, row, query) for one, row in shown_of(seen[start : start + size])],
        total=len(seen), more=not all_of_it, page=page, pages=max(1, -(-len(seen) // size)),
    )  # fmt: skip


def narrowest(user: User, filters: Filters) -> tuple[Among, int]:
    """Return what a question can be asked about, and how many hits to look at."""
    among = Among(kinds_for(filters), filters.author, since=age_of(filters))
    if not chooses_pieces(filters):
        return among, LOOKED_AT
    pieces = list(db.session.scalars(chosen_pieces(user, filters).limit(MOST_PIECES + 1)))
    if len(pieces) > MOST_PIECES:
        return among, LOOKED_AT_NARROWED
    return among._replace(pieces=pieces), LOOKED_AT


def seen_hits(user: User, ids: Sequence[int], filters: Filters) -> list[Any]:
    """Return those hits that `user` may see (rows of `seen_by`), in their order; of a person the first."""
    if not ids:
        return []
    dialect = db.engine.dialect.name
    given = as_given(ids, dialect)
    plain = Filters(archived=filters.archived)
    if replace(filters, type="") == plain:
        rows = prepared(seen_by, user, plain, dialect, ids=given).rows()
    else:
        rows = db.session.execute(seen_by(user, filters, dialect), {"ids": given}).all()
    seen = {row.id: row for row in rows}
    found, persons = [], set()
    for key in ids:
        hit = seen.get(key)
        if hit is not None and (hit.person is None or hit.person not in persons):
            found.append(hit)
            persons.add(hit.person)
    return found


def seen_by(user: Any, filters: Filters, dialect: str) -> Select[Any]:
    """Select which of the given documents `user` may see.

    Of a person (by id) also whether they may see what stands beside their name.
    """
    hit = given_ids(dialect)
    key = hit.c.value
    told = [
        flag(case((User.id.is_not(None), part_visible_to(part, user)))).label(part)
        for part in BESIDE_NAME
    ]
    found = among_all(
        select(key.label("id"), SearchDocument.user_id.label("person"), *told).select_from(hit), key
    )
    return found.where(in_sight(user), narrowed(user, filters))


def flag(condition: Any) -> ColumnElement[int]:
    """Select a condition as the database writes it: rows that need no converting are not kept."""
    return type_coerce(condition, Integer)


def among_all(found: Select[Any], key: Any) -> Select[Any]:
    """Join the document with this id, and all that it can be of."""
    piece = func.coalesce(SearchDocument.content_id, Comment.content_id, Attachment.content_id)
    return (
        found.join(SearchDocument, SearchDocument.id == key)
        .outerjoin(Comment, Comment.id == SearchDocument.comment_id)
        .outerjoin(Attachment, Attachment.id == SearchDocument.attachment_id)
        .outerjoin(Content, Content.id == piece)
        .outerjoin(User, User.id == SearchDocument.user_id)
        .outerjoin(Tag, Tag.id == SearchDocument.tag_id)
        .outerjoin(Theme, Theme.id == SearchDocument.theme_id)
        .outerjoin(Group, Group.id == SearchDocument.group_id)
    )


def age_of(filters: Filters) -> int:
    """Return the least id of what is new enough."""
    return age_id(midnight(filters.since)) if filters.since else 0


def shown_of(seen: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """Yield each hit with what a line about it shows."""
    dialect = db.engine.dialect.name
    given = as_given([hit.id for hit in seen], dialect)
    rows = {row.document: row for row in details(dialect).rows(ids=given)} if seen else {}
    return ((hit, rows[hit.id]) for hit in seen if hit.id in rows)


@lru_cache(2)
def details(dialect: str) -> Prepared:
    """Return the statement for what a line about each of the given documents shows."""
    hit = given_ids(dialect)
    own_body = case((SearchDocument.content_id.is_not(None), Content.body_html))
    found = select(
        hit.c.value.label("document"),
        SearchDocument.kind, SearchDocument.part, SearchDocument.page,
        Content.id.label("piece_id"), Content.kind.label("piece_kind"),
        Content.title.label("piece_title"), Content.slug.label("piece_slug"),
        flag(or_(Content.hidden_at.is_not(None), Comment.hidden_at.is_not(None))).label("hidden"),
        flag(or_(Content.status == Status.ARCHIVED, Theme.archived_at.is_not(None))).label("archived"),
        func.coalesce(Comment.body_html, own_body, PageVersion.body_html).label("html"),
        Comment.id.label("comment_id"), Comment.position,
        Attachment.id.label("file_id"), Attachment.title.label("file_title"),
        Attachment.filename,
        User.id.label("person_id"), User.name.label("person_name"), User.handle,
        User.job_title, User.photo_sha256, told().label("told"),
        PageVersion.title.label("page_title"), Page.id.label("page_id"),
        Tag.id.label("tag_id"), Tag.name.label("tag_name"), Tag.slug.label("tag_slug"),
        Theme.id.label("own_theme_id"), Theme.name.label("own_theme_name"),
        Theme.slug.label("own_theme_slug"), Theme.description.label("own_theme_text"),
        Group.id.label("own_group_id"),
        Group.name.label("own_group_name"), Group.slug.label("own_group_slug"),
        Group.description.label("own_group_text"),
        Writer.id.label("author_id"), Writer.name.label("author_name"),
        Writer.handle.label("author_handle"), PieceTheme.name.label("theme_name"),
        PieceTheme.slug.label("theme_slug"), PieceGroup.name.label("group_name"),
        PieceGroup.slug.label("group_slug"),
    ).select_from(hit)  # fmt: skip
    return Prepared(
        among_all(found, hit.c.value)
        .outerjoin(Writer, Writer.id == author_id())
        .outerjoin(PieceTheme, PieceTheme.id == Content.theme_id)
        .outerjoin(PieceGroup, PieceGroup.id == Content.group_id)
        .outerjoin(Department, Department.id == User.department_id)
        .outerjoin(Page, Page.name == SearchDocument.page)
        .outerjoin(
            PageVersion, and_(PageVersion.page_id == Page.id, PageVersion.number == Page.version)
        ),
        named=True,
    )


def told() -> ColumnElement[str | None]:
    """Return the part of a profile in which a person was found; nothing for their name."""
    named = select(func.aggregate_strings(Expertise.name, quoted(", "))).where(
        Expertise.user_id == User.id
    )
    parts = {
        "job_title": User.job_title, "department": Department.name, "about": User.about,
        "expertise": named.correlate(User).scalar_subquery(), "phone": User.phone,
        "email": User.email,
    }  # fmt: skip
    return case(*((SearchDocument.part == part, column) for part, column in parts.items()))


def hit_of(seen: Any, row: Any, query: Query) -> Hit:
    """Return a row as a hit, with the words of the question marked."""
    key, slug, title, told = named(row, seen)
    return Hit(
        kind=row.kind, id=key, slug=slug, title=mark(title, query), snippet=snippet(told, query),
        at=moment_of(row.document), part=row.part, piece_id=row.piece_id,
        piece_kind=row.piece_kind or "", piece_slug=row.piece_slug or "", position=row.position,
        author_id=row.author_id, author_name=row.author_name or "",
        author_handle=row.author_handle or "", theme_name=row.theme_name or "",
        theme_slug=row.theme_slug or "", group_name=row.group_name or "",
        group_slug=row.group_slug or "",
        person=PERSON.make((row.person_id, row.person_name)) if row.kind == "person" else None,
        photo=row.photo_sha256 if seen.photo else None, is_hidden=bool(row.hidden),
        is_archived=bool(row.archived),
    )  # fmt: skip


def named(row: Any, seen: Any) -> tuple[int, str, str, str]:
    """Return id, slug, title and text of what was found."""
    match row.kind:
        case "comment":
            return row.comment_id, row.piece_slug, row.piece_title, plain_text(row.html)
        case "file":
            return row.file_id, slugify(row.filename), row.file_title, row.filename
        case "person":
            beside = row.job_title if seen.job_title else ""
            return row.person_id, row.handle, row.person_name, row.told or beside or ""
        case "tag":
            return row.tag_id, row.tag_slug, row.tag_name, ""
        case "theme":
            return row.own_theme_id, row.own_theme_slug, row.own_theme_name, row.own_theme_text
        case "group":
            return row.own_group_id, row.own_group_slug, row.own_group_name, row.own_group_text
        case "page":
            text = shipped(row.page)
            html = with_values(row.html or text.html)
            return row.page_id or 0, row.page, row.page_title or text.title, plain_text(html)
    return row.piece_id, row.piece_slug, row.piece_title, plain_text(row.html)


def suggest_spelling(user: Any, query: Query) -> str:
    """Return the question as it may have been meant, if that finds something; three statements.

    Words of what has been hidden since are known too: whoever cannot find them is not told them.
    """
    meant = corrected(query)
    return meant if meant and finds(user, parse(meant)) else ""


def finds(user: Any, query: Query) -> bool:
    """Tell whether `user` may see one of the newest hits; two statements."""
    if not query or not isinstance(user, User) or not user.is_active:
        return False
    ids, _all_of_it = best(query, LOOKED_AT, Among(), ranked=False)
    return bool(seen_hits(user, ids, Filters()))


@dataclass(frozen=True)
class SearchedFor:
    """A term that people looked for, and how often; `without_result` is how often in vain."""

    term: str
    times: int
    without_result: int


def terms(
    *, since: date | None = None, in_vain: bool = False, limit: int = 100
) -> Sequence[SearchedFor]:
    """Return what people looked for most; with `in_vain` what was most often not found."""
    times, vain = func.sum(SearchTerm.times), func.sum(SearchTerm.without_result)
    first = vain if in_vain else times
    found = select(SearchTerm.term, times, vain).group_by(SearchTerm.term)
    if since:
        found = found.where(SearchTerm.day >= since)
    if in_vain:
        found = found.having(vain > 0)
    ordered = found.order_by(first.desc(), SearchTerm.term).limit(limit)
    return [SearchedFor(*row) for row in db.session.execute(ordered)]
