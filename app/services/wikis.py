"""Wiki pages: made, saved, put elsewhere, thrown away and brought back. Every save is a version.

Who may is decided before; these functions only keep the tree and the versions whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import NAMESPACE_OID, uuid5

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, func, select, update

from app.extensions import db
from app.lib.clock import now
from app.lib.slugs import slugify
from app.models import (
    Content,
    Follow,
    Proposal,
    Revision,
    Standing,
    Status,
    Theme,
    User,
    WikiPage,
)
from app.queries import wikis as queries
from app.services import activity, editing, mentions, standings, tags, text
from app.services.activity import Verb

MAX_DEPTH = 12
"""Levels of pages under each other; deeper trees cannot be read in a narrow column."""
NOTE_LENGTH = 300
FIRST = 0

Misplaced = Literal["own_branch", "other_theme", "in_bin", "too_deep"]


@dataclass(frozen=True)
class Version:
    """What someone wrote. `created_at` (aware) is for imports; else it is now."""

    title: str
    body: str
    author: User
    note: str = ""
    created_at: datetime | None = None


@dataclass(frozen=True)
class Facts:
    """What a page is beside its text; without `review_on` that day stays, or follows from the theme."""

    standing: Standing = Standing.IN_FORCE
    owner: User | None = None
    keywords: Sequence[str] = ()
    review_on: date | None = None


class Conflict(Exception):
    """Someone saved this page after it was opened; `latest` is the page as it stands now."""

    def __init__(self, latest: WikiPage) -> None:
        super().__init__(f"page {latest.id} has version {latest.version} by now")
        self.latest = latest


class MisplacedError(ValueError):
    """A page cannot stand there; `reason` says why."""

    def __init__(self, reason: Misplaced) -> None:
        super().__init__(reason)
        self.reason: Misplaced = reason


def create(
    theme: Theme,
    version: Version,
    *,
    parent: WikiPage | None = None,
    facts: Facts = Facts(),
    submission_key: str | None = None,
) -> WikiPage:
    """Make a page, last among its siblings; its author follows it.

    Where four eyes count, a page that is not in force yet is for specialists only. The same text sent twice with one `submission_key` is one page. Raises MisplacedError for a parent elsewhere, app.lib.markdown.MarkdownRefused for such a text.
    """
    lock(theme)
    key = submission_key and str(
        uuid5(NAMESPACE_OID, f"{submission_key}\n{version.title}\n{version.body}")
    )
    if key and (made := db.session.scalar(submitted(version.author, key))):
        return made
    check_place(theme, parent)
    page = build(theme, version, parent=parent, facts=facts)
    page.position, page.submission_key = next_position(page), key
    page.status = standings.status_of_new(theme, facts.standing)
    standings.enter(page, facts.standing, version.author, new=True)
    found = text.render_content(page, writer=version.author)
    db.session.add(Follow(user_id=version.author.id, content_id=page.id))
    if page.status is Status.PENDING:
        page.published_at = None
    else:
        mentions.tell(page, page, found.mentions, version.author)
        text.page_changed(page)
    activity.record(Verb.STARTED, page, version.author)
    return page


def submitted(author: User, key: str) -> Select[WikiPage]:
    """Select what this submission made, when it came before."""
    return select(WikiPage).where(WikiPage.author_id == author.id, WikiPage.submission_key == key)


def build(
    theme: Theme,
    version: Version,
    *,
    parent: WikiPage | None = None,
    facts: Facts = Facts(),
    source_path: str | None = None,
) -> WikiPage:
    """Add a page with its first version, and no more: nothing is rendered and nobody hears of it.

    For imports: set `position`, add the later versions with `add_version`, and call `render` for
    each page once all of them exist, so that links between them are found.
    """
    moment = version.created_at or now()
    page = WikiPage(
        title=version.title, slug=slugify(version.title), body=version.body, version=0,
        author=version.author, theme=theme, parent_id=parent.id if parent else None,
        standing=facts.standing, owner=facts.owner, tags=tags.named(facts.keywords), group=None,
        created_at=moment, published_at=moment, edited_by=None, source_path=source_path,
        review_on=facts.review_on,
    )  # fmt: skip
    db.session.add(page)
    db.session.flush()
    add_version(page, version)
    return page


def add_version(page: WikiPage, version: Version) -> Revision:
    """Add a version and make it the page's text: cheap, not rendered, and nobody hears of it.

    `render` must follow after the last one. Two at the same moment are for `save` to keep apart.
    """
    moment = version.created_at or now()
    page.version += 1
    page.title, page.slug, page.body = version.title, slugify(version.title), version.body
    page.last_active_at, page.renderer = moment, 0
    if page.version > 1:
        page.edited_at, page.edited_by = moment, version.author
    revision = Revision(
        content_id=page.id, number=page.version, title=version.title, body=version.body,
        author=version.author, note=version.note[:NOTE_LENGTH], created_at=moment,
    )  # fmt: skip
    db.session.add(revision)
    return revision


def render(page: WikiPage) -> None:
    """Render a page from its newest version; raises app.lib.markdown.MarkdownRefused."""
    text.render_content(page)


def save(
    page: WikiPage, version: Version, *, expected_version: int, facts: Facts | None = None
) -> Revision:
    """Save a page (loaded with its keywords when `facts` are given); followers hear of it.

    Raises Conflict when the page is no longer at `expected_version`: nothing has changed then. The
    same text, sent twice by the same person, is one version.
    """
    if not claim(page, expected_version):
        db.session.refresh(page, ["version", "title", "slug", "body", "edited_at", "edited_by_id"])
        if doubled := sent_before(page, version, expected_version):
            return doubled
        raise Conflict(page)
    renamed = page.title != version.title
    if facts:
        describe(page, facts, version.author)
    if page.standing is Standing.OFFERED:
        # What is offered is this text: whoever wrote it does not adopt it where four eyes count.
        page.offered_by_id = version.author.id
    page.version = expected_version
    revision = add_version(page, version)
    found = text.render_content(page, writer=version.author)
    shown = standings.show(page)
    if page.status is not Status.PENDING:
        mentions.tell(page, page, found.mentions, version.author)
    if shown:
        activity.tell_theme(page, version.author)
    if renamed or shown:
        text.page_changed(page)
    editing.stop(page, version.author)
    activity.record(Verb.WIKI_EDITED, page, version.author, reason=version.note)
    return revision


def describe(page: WikiPage, facts: Facts, actor: User) -> None:
    """Give a page what it is beside its text; its theme and keywords must be loaded."""
    page.owner, page.tags = facts.owner, tags.named(facts.keywords)
    if facts.review_on:
        standings.plan_review(page, facts.review_on)
    standings.enter(page, facts.standing, actor)
    if page.standing is Standing.IN_FORCE and page.review_on is None:
        standings.plan_review(page, standings.default_review(page.theme))


def claim(page: WikiPage, expected_version: int) -> bool:
    """Take the next version number: of many at the same moment, one succeeds."""
    taken = db.session.execute(
        update(Content)
        .where(Content.id == page.id, Content.version == expected_version)
        .values(version=expected_version + 1)
        .execution_options(synchronize_session=False)
    )
    return bool(taken.rowcount)  # type: ignore[attr-defined]  # an UPDATE has a row count


def sent_before(page: WikiPage, version: Version, expected_version: int) -> Revision | None:
    """Return the version that this person made of the same text a moment ago."""
    if page.version != expected_version + 1:
        return None
    latest = db.session.scalar(queries.version(page, page.version))
    same = latest and (latest.author_id, latest.title, latest.body, latest.note) == (
        version.author.id, version.title, version.body, version.note[:NOTE_LENGTH],
    )  # fmt: skip
    return latest if same else None


def restore(
    page: WikiPage, revision: Revision, author: User, *, expected_version: int, note: str = ""
) -> Revision:
    """Make an old version the newest; raises Conflict as `save` does."""
    said = _("Version %(number)d restored", number=revision.number)
    version = Version(
        title=revision.title,
        body=revision.body,
        author=author,
        note=f"{said}: {note}" if note else said,
    )
    return save(page, version, expected_version=expected_version)


# The tree -------------------------------------------------------------------------------------


def move(
    page: WikiPage,
    author: User,
    *,
    theme: Theme,
    parent: WikiPage | None,
    after: int | None = None,
) -> None:
    """Put a page with all below it under `parent` (None: on top of the theme).

    `after` is the id of the sibling before it, FIRST to come first, None to come last. Raises
    MisplacedError for a place in its own branch, in the bin, too deep, or in another theme than
    `theme`.
    """
    lock(page.theme, theme)
    check_place(theme, parent, page)
    moved = (page.theme_id, page.parent_id) != (theme.id, parent.id if parent else None)
    if page.theme_id != theme.id:
        below = select(queries.branch(page.id).c.id)
        db.session.execute(
            update(Content).where(Content.id.in_(below)).values(theme_id=theme.id)
            .execution_options(synchronize_session=False)
        )  # fmt: skip
        # Who decides about proposals for these pages are the specialists of where they stand.
        db.session.execute(
            update(Proposal).where(Proposal.page_id.in_(below)).values(theme_id=theme.id)
            .execution_options(synchronize_session=False)
        )  # fmt: skip
        page.theme = theme
    page.parent_id = parent.id if parent else None
    put_after(page, after)
    if moved:
        activity.record(Verb.MOVED, page, author, result=parent.title if parent else theme.name)


def lock(*themes: Theme | None) -> None:
    """Let changes to one tree wait for each other, so that no two moves make a circle."""
    keys = sorted({theme.id for theme in themes if theme})
    db.session.execute(select(Theme.id).where(Theme.id.in_(keys)).with_for_update())


def check_place(theme: Theme, parent: WikiPage | None, page: WikiPage | None = None) -> None:
    """Raise MisplacedError when `page` (None: a new one) cannot stand under `parent`."""
    if parent is None:
        return
    if parent.theme_id != theme.id:
        raise MisplacedError("other_theme")
    if parent.status is Status.ARCHIVED:
        raise MisplacedError("in_bin")
    above = queries.path(parent.id)
    levels = set(db.session.scalars(select(above.c.id)))
    height = 1
    if page is not None:
        if page.id in levels:
            raise MisplacedError("own_branch")
        height += db.session.scalar(select(func.max(queries.branch(page.id).c.level))) or 0
    if len(levels) + height > MAX_DEPTH:
        raise MisplacedError("too_deep")


def next_position(page: WikiPage) -> int:
    """Return the position after the last of a page's siblings."""
    assert page.theme_id is not None
    there = queries.siblings(page.theme_id, page.parent_id).where(WikiPage.id != page.id)
    last = there.with_only_columns(func.max(WikiPage.position)).order_by(None)
    return (db.session.scalar(last) or 0) + 1


def put_after(page: WikiPage, after: int | None) -> None:
    """Give a page and its siblings new positions, the page after the sibling `after`."""
    assert page.theme_id is not None
    there = db.session.scalars(queries.siblings(page.theme_id, page.parent_id))
    order = [sibling for sibling in there if sibling.id != page.id]
    places = {FIRST: 0} | {sibling.id: place for place, sibling in enumerate(order, start=1)}
    order.insert(places.get(after, len(order)) if after is not None else len(order), page)
    for position, sibling in enumerate(order, start=1):
        sibling.position = position


def archive(page: WikiPage, author: User, reason: str = "") -> int:
    """Put a page in the bin, with all below it; return how many pages went along.

    A branch stays whole: what was thrown away together comes back together.
    """
    lock(page.theme)
    going = branch_of(page, WikiPage.status.in_(queries.IN_TREE))
    for each in going:
        each.status, each.bin_id = Status.ARCHIVED, page.id
        each.archived_at, each.archived_by_id = now(), author.id
    text.page_changed(*going)
    activity.record(Verb.WIKI_ARCHIVED, page, author, reason=reason)
    return len(going) - 1


def unarchive(page: WikiPage, author: User) -> None:
    """Take a page out of the bin, with what went into it along with the page and stood below it.

    It returns to its old place, or to the top of its theme when its parent is in the bin itself.
    What nobody had adopted yet still waits for that.
    """
    lock(page.theme)
    coming = branch_of(page, WikiPage.status == Status.ARCHIVED, WikiPage.bin_id == page.bin_id)
    parent = db.session.get(WikiPage, page.parent_id) if page.parent_id else None
    if parent is not None and parent.status is Status.ARCHIVED:
        page.parent_id = None
        page.position = next_position(page)
    for each in coming:
        each.status = Status.PUBLISHED if each.published_at else Status.PENDING
        each.bin_id = each.archived_at = each.archived_by_id = None
    text.page_changed(*coming)
    activity.record(Verb.WIKI_RESTORED, page, author)


def branch_of(page: WikiPage, *conditions: ColumnElement[bool]) -> list[WikiPage]:
    """Return a page and those below it for which the conditions hold, the page first."""
    below = queries.branch(page.id)
    found = select(WikiPage).join(below, below.c.id == WikiPage.id).where(*conditions)
    return list(db.session.scalars(found.order_by(below.c.level, WikiPage.id)))
