"""Where the pages of a theme stand as files: the folders are the tree."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from sqlalchemy import ColumnElement, select

from app.extensions import db
from app.lib.slugs import slugify
from app.models import WikiPage
from app.queries import wikis as queries
from app.queries.wiki_files import agreed

FILE_NAME = re.compile(r"[^\W_][\w .()+,&-]{0,99}")
INDEX = "index"
DEVICES = frozenset(
    {"con", "prn", "aux", "nul"}
    | {f"{port}{number}" for port in ("com", "lpt") for number in range(10)}
)


def paths_of(theme_id: int, pages: ColumnElement[bool] | None = None) -> dict[int, str]:
    """Return the path of every page in the tree of a theme, those above before those below.

    Of the pages that can go, or for which the condition `pages` holds.

    A page keeps the name of the file that it came from, if any. A page with others below it is the
    `index.md` of a folder.
    """
    rows = db.session.execute(
        select(WikiPage.id, WikiPage.parent_id, WikiPage.slug, WikiPage.source_path)
        .where(queries.in_tree(theme_id), agreed() if pages is None else pages)
        .order_by(WikiPage.position, WikiPage.id)
    ).all()
    shown = {row.id for row in rows}
    below: dict[int | None, list[Row]] = {}
    for key, parent, slug, source in rows:
        below.setdefault(parent if parent in shown else None, []).append((key, slug, source))
    return dict(walk(None, PurePosixPath(), below))


Row = tuple[int, str, str | None]
Below = dict[int | None, list[Row]]


def walk(parent: int | None, folder: PurePosixPath, below: Below) -> Iterator[tuple[int, str]]:
    """Yield the pages below one page, whose folder is given, with their paths."""
    taken: set[str] = set()
    for key, slug, source in below.get(parent, ()):
        if source == "index.md" and parent is None and key not in below:
            yield key, source
            continue
        name = file_name(key, slug, source, taken)
        taken.add(name.casefold())
        is_folder = key in below or PurePosixPath(source or "").stem == INDEX
        yield key, str(folder / name / "index.md" if is_folder else folder / f"{name}.md")
        yield from walk(key, folder / name, below)


def file_name(key: int, slug: str, source: str | None, taken: set[str]) -> str:
    """Return a name for a file or a folder, without extension, that no sibling has."""
    path = PurePosixPath(source or "")
    name = path.parent.name if path.stem == INDEX else path.stem
    if not FILE_NAME.fullmatch(name) or name != name.rstrip(". "):
        name = slugify(slug)
    return f"{name}-{key}" if name.casefold() in {*taken, INDEX} or is_device(name) else name


def is_device(name: str) -> bool:
    """Tell whether Windows keeps this name, with any extension, for a device."""
    return name.partition(".")[0].strip().casefold() in DEVICES
