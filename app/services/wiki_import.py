"""A folder of Markdown files becomes a wiki, with the history that comes with it.

Done in steps that each leave things whole: `prepare` makes the pages out of sight, so that links
have something to lead to; then, of app.services.wiki_versions, `bring` gives one page its versions
and shows it, and `finish` renders what hoped for these pages. Who calls commits after each; a run
that was broken off is taken up again by the next one, because `bring` adds only what a page lacks.

Nothing here asks who may: it is for the one who runs the server. What is imported is recorded in
the name of the authors that the history gives (see app.services.import_authors).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from sqlalchemy import func, select

from app.extensions import db
from app.lib.front_matter import Document
from app.lib.natural_order import natural
from app.lib.slugs import slugify
from app.lib.wiki_files import FileLine
from app.lib.wiki_folder import Note, PageFile, PastVersion, Tell, shown
from app.models import Standing, Status, Theme, User, WikiPage
from app.services import import_authors, wikis
from app.services.wiki_paths import INDEX, paths_of

IMPORTER = "import"
"""The author of what a file says and no line of history does."""
TITLE_LENGTH = 200
THEME_LENGTH = 120

Files = Mapping[str, PageFile]
History = Mapping[str, Sequence[PastVersion]]


@dataclass
class Batch:
    """What one run works on: files and history by path, `pages` ids by path, `fresh` the new ones.

    `addresses` says where in Kring the documents and images are that came along, by their paths.
    """

    theme_id: int
    files: Files
    history: History
    tell: Tell
    pages: dict[str, int] = field(default_factory=dict)
    fresh: set[int] = field(default_factory=set)
    in_bin: set[int] = field(default_factory=set)
    addresses: dict[str, str] = field(default_factory=dict)


def theme_named(name: str) -> Theme:
    """Return the theme of this name, made last when it is new; raises ValueError for an archived one."""
    name = " ".join(name.split())
    slug = slugify(name)
    found = db.session.scalar(select(Theme).where((Theme.name == name) | (Theme.slug == slug)))
    if found is None:
        last = db.session.scalar(select(func.max(Theme.position)))
        found = Theme(name=name, slug=slug, position=0 if last is None else last + 1)
        db.session.add(found)
        db.session.flush()
    if found.archived_at is not None:
        raise ValueError(name)
    return found


def prepare(
    theme: Theme, files: Files, history: History, tell: Tell, things: Sequence[FileLine] = ()
) -> Batch:
    """Make the authors and the pages that are not there yet, in their tree, out of sight."""
    wikis.lock(theme)
    batch = Batch(theme.id, files, history, tell)
    authors = {v.author: v.author_name for versions in history.values() for v in versions}
    uploaders = {line.author: line.author_name for line in things}
    import_authors.add({IMPORTER: "", **uploaders, **authors})
    email = import_authors.email_of(IMPORTER)
    author = import_authors.by_email([email])[email]
    batch.pages = known_pages(batch)
    positions = last_positions(theme.id)
    for path in ordered(files):
        if path not in batch.pages:
            page = out_of_sight(batch, path, author)
            page.position = positions[page.parent_id] = positions.get(page.parent_id, 0) + 1
            db.session.flush()
            batch.pages[path] = page.id
    empty = select(WikiPage.id).where(WikiPage.theme_id == theme.id, WikiPage.version == 0)
    batch.fresh = set(db.session.scalars(empty))
    return batch


def known_pages(batch: Batch) -> dict[str, int]:
    """Return the pages that are there: by the file they came from, else by the one they'd become."""
    from_files = db.session.execute(
        select(WikiPage.source_path, WikiPage.id, WikiPage.status).where(
            WikiPage.theme_id == batch.theme_id, WikiPage.source_path.is_not(None)
        )
    ).all()
    found = {row.source_path: row.id for row in from_files}
    batch.in_bin = {row.id for row in from_files if row.status is Status.ARCHIVED}
    taken = set(found.values())
    for key, path in paths_of(batch.theme_id).items():
        if key not in taken:
            found.setdefault(path, key)
    return found


def last_positions(theme_id: int) -> dict[int | None, int]:
    """Return the highest position below each page of a theme; None is the top."""
    found = select(WikiPage.parent_id, func.max(WikiPage.position)).where(
        WikiPage.theme_id == theme_id
    )
    rows = db.session.execute(found.group_by(WikiPage.parent_id)).all()
    return {parent_id: highest for parent_id, highest in rows}  # noqa: C416  # a Row is no pair


def ordered(files: Files) -> list[str]:
    """Return the paths so that a page comes after the one above it and the siblings before it."""

    def place(path: str) -> tuple[object, ...]:
        order = files[path].document.header.order
        own = folder_of(path) if is_index(path) else path.removesuffix(".md")
        level = 0 if own == "." else len(PurePosixPath(own).parts)
        return level, order is None, order or 0, natural(own)

    return sorted(files, key=place)


def is_index(path: str) -> bool:
    return PurePosixPath(path).stem == INDEX


def folder_of(path: str) -> str:
    return PurePosixPath(path).parent.as_posix()


def parent_path(path: str, pages: Collection[str]) -> str | None:
    """Return the page of the nearest folder around a file that has one: its `index.md`.

    The top folder is the theme itself: its `index.md` is the first page, not the one above all.
    """
    folder = PurePosixPath(path).parent
    if is_index(path):
        folder = folder.parent
    while folder.parts:
        page = f"{folder}/{INDEX}.md"
        if page in pages:
            return page
        folder = folder.parent
    return None


def parent_of(batch: Batch, path: str) -> int | None:
    """Return the id of the page above a new one: in sight, and not too deep."""
    places = {name for name, key in batch.pages.items() if key not in batch.in_bin}
    chain = [path]
    while (above := parent_path(chain[-1], places)) is not None:
        chain.append(above)
    if len(chain) > wikis.MAX_DEPTH:
        batch.tell(Note(shown(path), "too_deep"))
        chain = [path, *chain[1 - wikis.MAX_DEPTH :]]
    return batch.pages[chain[1]] if len(chain) > 1 else None


def out_of_sight(batch: Batch, path: str, author: User) -> WikiPage:
    """Add a page without versions that nobody sees yet."""
    document = batch.files[path].document
    title = document.header.title[:TITLE_LENGTH]
    page = WikiPage(
        title=title, slug=slugify(title), author=author, theme_id=batch.theme_id, version=0,
        status=Status.DRAFT, parent_id=parent_of(batch, path), source_path=path,
        standing=standing_of(document), owner=owner_of(batch, path),
        review_on=document.header.review_on,
    )  # fmt: skip
    db.session.add(page)
    return page


def standing_of(document: Document) -> Standing:
    """Return the standing that a header names; in force when it names none."""
    named = {standing.value: standing for standing in Standing}
    return named.get(document.header.standing, Standing.IN_FORCE)


def owner_of(batch: Batch, path: str) -> User | None:
    """Return the member who keeps a page by its header; who is not a member here is told."""
    handle = batch.files[path].document.header.owner
    if not handle:
        return None
    found = db.session.scalar(
        select(User).where(User.handle == handle, User.deactivated_at.is_(None))
    )
    if found is None:
        batch.tell(Note(shown(path), "unknown_owner", shown(handle)))
    return found
