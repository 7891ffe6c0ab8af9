"""Finding: all that someone may see, by the words in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, and_, case, func, select
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
from app.models.search import age_id, kinds_of, moment_of
from app.policy import part_visible_to
from app.queries.page_texts import shipped
from app.queries.pages import with_values
from app.queries.search_match import Among, best, hits, in_order
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

    Two statements; a third for a filter by which pieces are chosen. `order` is "relevance" or
    "newest".
    """
    if not query or not isinstance(user, User) or not user.is_active:
        return Results()
    among, most = narrowest(user, filters)
    ids, all_of_it = best(query, most, among, ranked=order != "newest")
    if not ids:
        return Results()
    page = min(max(1, page), -(-most // size))
    here = page_of(seen_hits(user, ids, filters), page, size)
    rows = db.session.execute(details(user, here)).all()
    if not rows and page > 1:
        return search(user, query, filters, order=order, size=size)
    total = rows[0].total if rows else 0
    return Results(
        hits=[hit_of(row, query) for row in rows], total=total, more=not all_of_it, page=page,
        pages=max(1, -(-total // size)),
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


def seen_hits(user: User, ids: Sequence[int], filters: Filters) -> Select[Any]:
    """Select those hits that `user` may see, with their place; of each person the first."""
    hit = in_order(ids)
    kinds = kinds_of(ids)
    key = hit.c.value
    of_person = func.coalesce(SearchDocument.user_id, -key)
    first = func.row_number().over(partition_by=of_person, order_by=hit.c.key)
    columns = select(key.label("id"), hit.c.key.label("place"), first.label("first"))
    found = among_all(columns.select_from(hit), key)
    return found.where(in_sight(user, kinds), narrowed(user, filters))


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


def page_of(found: Select[Any], page: int, size: int) -> Select[Any]:
    """Select one page of hits, with how many there are in all."""
    hit = found.subquery("hit")
    one_each = select(hit.c.id, hit.c.place, func.count().over().label("total"))
    here = one_each.where(hit.c.first == 1).order_by(hit.c.place)
    return here.limit(size).offset((page - 1) * size)


def details(user: User, here: Select[Any]) -> Select[Any]:
    """Select what a line about each hit shows."""
    hit = here.subquery("page")
    piece = func.coalesce(SearchDocument.content_id, Comment.content_id, Attachment.content_id)
    own_body = case((SearchDocument.content_id.is_not(None), Content.body_html))
    return (
        select(
            hit.c.id.label("document"), hit.c.total,
            SearchDocument.kind, SearchDocument.part, SearchDocument.page,
            Content.id.label("piece_id"), Content.kind.label("piece_kind"),
            Content.title.label("piece_title"), Content.slug.label("piece_slug"),
            Content.status, Content.hidden_at, Content.summary,
            func.coalesce(Comment.body_html, own_body, PageVersion.body_html).label("html"),
            Comment.id.label("comment_id"), Comment.position, Comment.hidden_at.label("gone"),
            Attachment.id.label("file_id"), Attachment.title.label("file_title"),
            Attachment.filename,
            *of_person(user), PageVersion.title.label("page_title"), Page.id.label("page_id"),
            Tag.id.label("tag_id"), Tag.name.label("tag_name"), Tag.slug.label("tag_slug"),
            Theme.id.label("own_theme_id"), Theme.name.label("own_theme_name"),
            Theme.slug.label("own_theme_slug"), Theme.description.label("own_theme_text"),
            Theme.archived_at, Group.id.label("own_group_id"),
            Group.name.label("own_group_name"), Group.slug.label("own_group_slug"),
            Group.description.label("own_group_text"),
            Writer.id.label("author_id"), Writer.name.label("author_name"),
            Writer.handle.label("author_handle"), PieceTheme.name.label("theme_name"),
            PieceTheme.slug.label("theme_slug"), PieceGroup.name.label("group_name"),
            PieceGroup.slug.label("group_slug"),
        )
        .select_from(hit)
        .join(SearchDocument, SearchDocument.id == hit.c.id)
        .outerjoin(Comment, Comment.id == SearchDocument.comment_id)
        .outerjoin(Attachment, Attachment.id == SearchDocument.attachment_id)
        .outerjoin(Content, Content.id == piece)
        .outerjoin(Writer, Writer.id == author_id())
        .outerjoin(PieceTheme, PieceTheme.id == Content.theme_id)
        .outerjoin(PieceGroup, PieceGroup.id == Content.group_id)
        .outerjoin(User, User.id == SearchDocument.user_id)
        .outerjoin(Department, Department.id == User.department_id)
        .outerjoin(Tag, Tag.id == SearchDocument.tag_id)
        .outerjoin(Theme, Theme.id == SearchDocument.theme_id)
        .outerjoin(Group, Group.id == SearchDocument.group_id)
        .outerjoin(Page, Page.name == SearchDocument.page)
        .outerjoin(
            PageVersion, and_(PageVersion.page_id == Page.id, PageVersion.number == Page.version)
        )
        .order_by(hit.c.place)
    )  # fmt: skip


def of_person(user: User) -> tuple[Any, ...]:
    """Return the columns of a person: the part in which they were found, or what they do."""
    named = select(func.aggregate_strings(Expertise.name, ", ")).where(Expertise.user_id == User.id)
    parts = {
        "job_title": User.job_title, "department": Department.name, "about": User.about,
        "expertise": named.correlate(User).scalar_subquery(), "phone": User.phone,
        "email": User.email,
    }  # fmt: skip
    told = case(
        *((SearchDocument.part == part, column) for part, column in parts.items()),
        (part_visible_to("job_title", user), User.job_title),
    )
    return (
        User.id.label("person_id"), User.name.label("person_name"), User.handle, told.label("told")
    )  # fmt: skip


def hit_of(row: Row[Any], query: Query) -> Hit:
    """Return a row as a hit, with the words of the question marked."""
    key, slug, title, told = named(row)
    return Hit(
        kind=row.kind, id=key, slug=slug, title=mark(title, query), snippet=snippet(told, query),
        at=moment_of(row.document), part=row.part, piece_id=row.piece_id,
        piece_kind=row.piece_kind or "", piece_slug=row.piece_slug or "", position=row.position,
        author_id=row.author_id, author_name=row.author_name or "",
        author_handle=row.author_handle or "", theme_name=row.theme_name or "",
        theme_slug=row.theme_slug or "", group_name=row.group_name or "",
        group_slug=row.group_slug or "", is_hidden=bool(row.hidden_at or row.gone),
        is_archived=row.status is Status.ARCHIVED or row.archived_at is not None,
    )  # fmt: skip


def named(row: Row[Any]) -> tuple[int, str, str, str]:
    """Return id, slug, title and text of what was found."""
    match row.kind:
        case "comment":
            return row.comment_id, row.piece_slug, row.piece_title, plain_text(row.html)
        case "file":
            return row.file_id, slugify(row.filename), row.file_title, row.filename
        case "person":
            return row.person_id, row.handle, row.person_name, row.told or ""
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
    """Return the question as it may have been meant, if that finds something; two statements.

    Words of what has been hidden since are known too: whoever cannot find them is not told them.
    """
    meant = corrected(query)
    return meant if meant and finds(user, parse(meant)) else ""


def finds(user: Any, query: Query) -> bool:
    """Tell whether `user` may see one of the newest hits; one statement."""
    if not query or not isinstance(user, User) or not user.is_active:
        return False
    hit = hits(query, LOOKED_AT).subquery("hit")
    seen = among_all(select(hit.c.id).select_from(hit), hit.c.id)
    seen = seen.where(in_sight(user), narrowed(user, Filters()))
    return db.session.scalar(select(seen.exists())) or False


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
