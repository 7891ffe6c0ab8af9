"""Wiki pages: their tree, what links to them, their versions, and who is writing now."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import joinedload, load_only, selectinload

from app.lib.clock import now
from app.models import (
    Content,
    Credit,
    EditNotice,
    Grant,
    PageSource,
    Revision,
    Role,
    Standing,
    Status,
    User,
    WikiLink,
    WikiPage,
)
from app.policy import visible_to
from app.queries.content import in_sight

FIRST_PAGES = 6
VERSIONS_A_PAGE = 50
BACK_LINKS = 30
DEEPEST = 50
# Beyond this a number in an address is none of ours, and too large for a database.
LARGEST = 2**31
# A page is asked again every half minute; without script it tells only when it is opened.
STILL_WRITING = timedelta(minutes=10)
IN_TREE = (Status.PUBLISHED, Status.PENDING)

TreeRows = Select[int, str, str, int | None, Standing, datetime | None]

pages = WikiPage.__table__


def branch(page_id: int) -> CTE:
    """Return a page and all below it: columns `id` and `level`, 0 for the page itself."""
    top = select(pages.c.id, literal(0).label("level")).where(pages.c.id == page_id)
    tree = top.cte("branch", recursive=True)
    below = select(pages.c.id, tree.c.level + 1).join(tree, pages.c.parent_id == tree.c.id)
    return tree.union_all(below.where(tree.c.level < DEEPEST))


def path(page_id: Any) -> CTE:
    """Return a page and all above it: columns `id`, `parent_id` and `level`, 0 for the page itself."""
    start = select(pages.c.id, pages.c.parent_id, literal(0).label("level"))
    tree = start.where(pages.c.id == page_id).cte("path", recursive=True)
    above = select(pages.c.id, pages.c.parent_id, tree.c.level + 1)
    above = above.join(tree, pages.c.id == tree.c.parent_id)
    return tree.union_all(above.where(tree.c.level < DEEPEST))


def are_pages() -> ColumnElement[bool]:
    """Hold for wiki pages, as their join does: but by kind SQLite reads no other content."""
    return Content.kind == "wiki"


def in_tree(theme_id: Any) -> ColumnElement[bool]:
    """Return the condition for the pages in the tree of a theme: those not in the bin.

    Those that wait to be adopted are among them; `visible_to` keeps them from others.
    """
    stands = or_(*(WikiPage.status == status for status in IN_TREE))
    return and_(WikiPage.theme_id == theme_id, stands)


def with_tags(page_id: int) -> Select[WikiPage]:
    """Select one page with its keywords, as they are in the database now."""
    found = select(WikiPage).where(WikiPage.id == page_id).options(selectinload(WikiPage.tags))
    return found.execution_options(populate_existing=True)


def siblings(theme_id: int, parent_id: int | None) -> Select[WikiPage]:
    """Select the pages under one parent, in their order."""
    return (
        select(WikiPage)
        .where(in_tree(theme_id), WikiPage.parent_id == parent_id)
        .order_by(WikiPage.position, WikiPage.id)
    )


def _rows(user: Any) -> TreeRows:
    """Select what a tree shows of pages: rows, not entities, because there are many."""
    return (
        select(
            WikiPage.id, WikiPage.title, WikiPage.slug, WikiPage.parent_id, WikiPage.standing,
            WikiPage.hidden_at,
        )
        .where(visible_to(user))
        .order_by(WikiPage.position, WikiPage.id)
    )  # fmt: skip


def tree(user: Any, theme_id: int) -> TreeRows:
    """Select all pages of a theme that `user` can see, in order among their siblings."""
    return _rows(user).where(in_tree(theme_id))


PAGE, THEME = bindparam("page", type_=Integer), bindparam("theme", type_=Integer)


def neighbours(user: Any) -> TreeRows:
    """Select the pages around `page`, of `theme`: above it with all beside them, and below it."""
    above = path(PAGE)
    # By id, from indexes of pages alone: SQLite would read all content for an OR over two tables.
    around = union_all(
        select(pages.c.id).where(pages.c.parent_id.is_(None)),
        select(pages.c.id).join(above, pages.c.parent_id == above.c.id),
        select(above.c.id),
    )
    own = or_(in_tree(THEME), WikiPage.id.in_(select(above.c.id)))
    return _rows(user).where(WikiPage.id.in_(around), own)


def first_pages(user: Any) -> Select[Any]:
    """Select the first pages on top of each theme, with the number of pages in the theme."""
    top = (
        select(
            WikiPage.id, WikiPage.title, WikiPage.slug, WikiPage.theme_id, WikiPage.parent_id,
            func.row_number().over(
                partition_by=(WikiPage.theme_id, WikiPage.parent_id.is_not(None)),
                order_by=(WikiPage.position, WikiPage.id),
            ).label("place"),
            func.count().over(partition_by=WikiPage.theme_id).label("pages"),
        )
        .where(are_pages(), visible_to(user), WikiPage.status == Status.PUBLISHED)
        .subquery()
    )  # fmt: skip
    first = and_(top.c.parent_id.is_(None), top.c.place <= FIRST_PAGES)
    return select(top).where(first).order_by(top.c.theme_id, top.c.place)


def ties(user: Any) -> Select[str, int, str, str, str]:
    """Select what `page` is tied to, as rows: `tie`, id, kind, title and slug.

    A tie is a "link" (a piece that links to the page), a "source" (a piece that it came from), both
    as far as `user` can see them, or a "credit" (who contributed; the title is their name).
    """
    piece = (Content.id, Content.kind, Content.title, Content.slug)
    links = (
        select(literal("link").label("tie"), *piece)
        .join(WikiLink, WikiLink.source_id == Content.id)
        .where(WikiLink.target_id == PAGE, Content.id != PAGE, visible_to(user))
        .where(Content.status == Status.PUBLISHED)
        .group_by(Content.id)
        .order_by(Content.title, Content.id)
        .limit(BACK_LINKS)
    )
    sources = (
        select(literal("source").label("tie"), *piece)
        .join(PageSource, PageSource.source_id == Content.id)
        .where(PageSource.page_id == PAGE, in_sight(user))
    )
    thanked = (
        select(literal("credit").label("tie"), User.id, literal("user"), User.name, literal(""))
        .join(Credit, Credit.user_id == User.id)
        .where(Credit.page_id == PAGE)
    )
    found = union_all(select(links.subquery()), sources, thanked).subquery()
    return select(found).order_by(found.c.tie, found.c.title, found.c.id)


def in_bin(theme_id: int) -> Select[WikiPage, int]:
    """Select what was thrown away in a theme, newest first, with how many pages went along."""
    below = pages.alias()
    along = select(func.count()).where(below.c.bin_id == WikiPage.id, below.c.id != WikiPage.id)
    return (
        select(WikiPage, along.correlate(WikiPage).scalar_subquery())
        .where(
            WikiPage.theme_id == theme_id,
            WikiPage.status == Status.ARCHIVED,
            WikiPage.bin_id == WikiPage.id,
        )
        .options(joinedload(WikiPage.archived_by))
        .order_by(WikiPage.archived_at.desc(), WikiPage.id.desc())
    )


def versions(page: WikiPage, before: int | None = None) -> Select[Revision]:
    """Select the versions of a page, newest first, without their texts; `before` a number."""
    found = (
        select(Revision)
        .where(Revision.content_id == page.id)
        .options(
            load_only(Revision.number, Revision.title, Revision.created_at, Revision.note),
            joinedload(Revision.author),
        )
        .order_by(Revision.number.desc())
        .limit(VERSIONS_A_PAGE + 1)
    )
    return found.where(Revision.number < before) if before and before < LARGEST else found


def version(page: WikiPage, number: int) -> Select[Revision]:
    """Select one version of a page, with its author."""
    found = select(Revision).where(Revision.content_id == page.id, Revision.number == number)
    return found.options(joinedload(Revision.author))


def specialists(theme_id: int) -> Select[User]:
    """Select the specialists of a theme."""
    holders = select(Grant.user_id).where(Grant.role == Role.SPECIALIST, Grant.theme_id == theme_id)
    active = User.deactivated_at.is_(None)
    return select(User).where(User.id.in_(holders), active).order_by(User.name)


def writing_now(page: WikiPage, user: Any, moment: datetime | None = None) -> Select[User]:
    """Select who else has a page open for editing."""
    since = (moment or now()) - STILL_WRITING
    notices = select(EditNotice.user_id).where(
        EditNotice.content_id == page.id,
        EditNotice.user_id != user.id,
        EditNotice.seen_at > since,
    )
    return select(User).where(User.id.in_(notices)).order_by(User.name)
