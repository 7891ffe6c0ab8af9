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
from app.models.search import AGE, age_id, moment_of
from app.policy import part_visible_to
from app.queries.page_texts import shipped
from app.queries.pages import with_values
from app.queries.search_match import hits
from app.queries.search_results import (
    MOST_COUNTED,
    PAGE,
    TYPES,
    Filters,
    Hit,
    Results,
    midnight,
)
from app.queries.search_sight import author_id, in_sight, kinds_for, narrowed
from app.queries.search_spelling import corrected

__all__ = ["MOST_COUNTED", "PAGE", "TYPES", "Filters", "Hit", "Results", "search"]

LOOKED_AT = 2_000
LOOKED_AT_NARROWED = 10_000
"""How many of the newest hits are judged; more of them where a filter leaves most of them out."""


def search(
    user: Any,
    query: Query,
    filters: Filters = Filters(),  # noqa: B008  # frozen
    *,
    order: str = "relevance",
    page: int = 1,
    size: int = PAGE,
) -> Results:
    """Return a page of what `user` may see that has all words of `query`; one statement.

    `order` is "relevance" or "newest". Relevance is judged among the newest few thousand hits.
    """
    if not query or not isinstance(user, User) or not user.is_active:
        return Results()
    last = -(-MOST_COUNTED // size)
    page = max(1, min(page, last))
    most = LOOKED_AT if filters == Filters() else LOOKED_AT_NARROWED
    found = seen_hits(user, query, filters, most, ranked=order != "newest")
    here = page_of(found, newest=order == "newest", page=page, size=size)
    rows = db.session.execute(details(user, here, newest=order == "newest")).all()
    if not rows:
        return Results(page=page)
    total, looked_at = rows[0].total, rows[0].looked_at
    return Results(
        hits=[hit_of(row, query) for row in rows],
        total=min(total, MOST_COUNTED),
        more=total > MOST_COUNTED or looked_at >= most,
        page=page,
        pages=min(-(-total // size), last),
    )


def seen_hits(
    user: User, query: Query, filters: Filters, most: int, *, ranked: bool
) -> Select[Any]:
    """Select the hits that `user` may see, of each person the best one, with how many there were."""
    since = age_of(filters)
    matched = hits(query, most, kinds=kinds_for(filters), since=since, ranked=ranked)
    match = matched.cte("matched")
    of_person = func.coalesce(SearchDocument.user_id, -SearchDocument.id)
    place = func.row_number().over(
        partition_by=of_person, order_by=(match.c.score.desc(), SearchDocument.id.desc())
    )
    piece = func.coalesce(SearchDocument.content_id, Comment.content_id, Attachment.content_id)
    return (
        select(
            match.c.id, match.c.score, place.label("place"),
            select(func.count()).select_from(match).scalar_subquery().label("looked_at"),
        )
        .select_from(match)
        .join(SearchDocument, SearchDocument.id == match.c.id)
        .outerjoin(Comment, Comment.id == SearchDocument.comment_id)
        .outerjoin(Attachment, Attachment.id == SearchDocument.attachment_id)
        .outerjoin(Content, Content.id == piece)
        .outerjoin(User, User.id == SearchDocument.user_id)
        .outerjoin(Tag, Tag.id == SearchDocument.tag_id)
        .outerjoin(Theme, Theme.id == SearchDocument.theme_id)
        .outerjoin(Group, Group.id == SearchDocument.group_id)
        .where(in_sight(user, kinds_for(filters)), narrowed(user, filters))
    )  # fmt: skip


def age_of(filters: Filters) -> int:
    """Return the least id of what is new enough."""
    return age_id(midnight(filters.since)) if filters.since else 0


def page_of(found: Select[Any], *, newest: bool, page: int, size: int) -> Select[Any]:
    """Select one page of hits, with how many there are in all."""
    hit = found.subquery("hit")
    columns = select(hit.c.id, hit.c.score, hit.c.looked_at, func.count().over().label("total"))
    one_each = columns.where(hit.c.place == 1)
    return one_each.order_by(*sorting(hit, newest=newest)).limit(size).offset((page - 1) * size)


def sorting(hit: Any, *, newest: bool) -> tuple[Any, ...]:
    """Return by what hits are sorted: no two are equal."""
    age = hit.c.id.op("&")(AGE)
    return (age.desc(), hit.c.id.desc()) if newest else (hit.c.score.desc(), age.desc(), hit.c.id)


def details(user: User, here: Select[Any], *, newest: bool) -> Select[Any]:
    """Select what a line about each hit shows."""
    hit = here.subquery("page")
    author, theme, group = aliased(User), aliased(Theme), aliased(Group)
    piece = func.coalesce(SearchDocument.content_id, Comment.content_id, Attachment.content_id)
    own_body = case((SearchDocument.content_id.is_not(None), Content.body_html))
    return (
        select(
            hit.c.id.label("document"), hit.c.total, hit.c.looked_at,
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
            author.id.label("author_id"), author.name.label("author_name"),
            author.handle.label("author_handle"), theme.name.label("theme_name"),
            theme.slug.label("theme_slug"), group.name.label("group_name"),
            group.slug.label("group_slug"),
        )
        .select_from(hit)
        .join(SearchDocument, SearchDocument.id == hit.c.id)
        .outerjoin(Comment, Comment.id == SearchDocument.comment_id)
        .outerjoin(Attachment, Attachment.id == SearchDocument.attachment_id)
        .outerjoin(Content, Content.id == piece)
        .outerjoin(author, author.id == author_id())
        .outerjoin(theme, theme.id == Content.theme_id)
        .outerjoin(group, group.id == Content.group_id)
        .outerjoin(User, User.id == SearchDocument.user_id)
        .outerjoin(Department, Department.id == User.department_id)
        .outerjoin(Tag, Tag.id == SearchDocument.tag_id)
        .outerjoin(Theme, Theme.id == SearchDocument.theme_id)
        .outerjoin(Group, Group.id == SearchDocument.group_id)
        .outerjoin(Page, Page.name == SearchDocument.page)
        .outerjoin(
            PageVersion, and_(PageVersion.page_id == Page.id, PageVersion.number == Page.version)
        )
        .order_by(*sorting(hit, newest=newest))
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
    return meant if meant and search(user, parse(meant), size=1).total else ""


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
