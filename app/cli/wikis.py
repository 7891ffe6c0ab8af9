"""`flask wikis import` and `flask wikis export`: a wiki from files, and as files."""

import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from flask.cli import AppGroup
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from tqdm import tqdm

from app.cli.schema import check_schema, told_plainly
from app.extensions import commit, db
from app.lib.markdown import MarkdownRefused
from app.lib.slugs import slugify
from app.lib.wiki_files import FOLDER, HISTORY, LIST, PAGES, FileLine, not_told, read_list
from app.lib.wiki_folder import Note, Reason, read_history, read_pages, shown
from app.lib.zip_folder import NoZip, unpack
from app.models import Theme
from app.services import text, wiki_arrivals, wiki_export, wiki_import, wiki_versions
from app.services.attachments import storage
from app.services.wiki_export import Parcel
from app.services.wiki_import import Batch, History

INTERRUPTED = 130  # what a shell expects after Ctrl+C
LINE_EVERY = 50
MOST_KEYS = 20
REASONS: dict[Reason, object] = {
    "not_utf8": _l("left out: not UTF-8"),
    "too_long": _l("left out: too long"),
    "too_complex": _l("left out: too many signs of layout"),
    "too_nested": _l("left out: too many lists or quotes inside each other"),
    "is_link": _l("left out: a link to another place"),
    "no_file": _l("left out: not a file"),
    "unreadable": _l("left out: cannot be read"),
    "bad_name": _l("left out: too long a name, or strange characters in it"),
    "bad_characters": _l("left out: holds characters that are no text"),
    "front_matter": _l("left out: broken front matter"),
    "bad_json": _l("left out: not JSON"),
    "bad_line": _l("left out: path, date, author and body are needed as texts"),
    "bad_date": _l("left out: not a past date with time and offset"),
    "outside": _l("left out: a path outside the folder"),
    "unknown_page": _l("left out: history of a page that is not in the folder"),
    "older": _l("left out: versions that are older than the page as it is in Kring"),
    "missing_page": _l("link to a page that is not there"),
    "missing_file": _l("link to a file that is not there"),
    "missing_image": _l("image that is not there"),
    "foreign_image": _l("image of another site, which Kring does not show"),
    "keys_left_out": _l("keys of the front matter that Kring does not know"),
    "long_title": _l("title cut off"),
    "keywords_left_out": _l("keywords left out: too many, or not possible"),
    "too_deep": _l("put higher in the tree: too deep"),
    "in_bin": _l("left out: the page is in the bin"),
    "unknown_owner": _l("left out: an owner who is no member here"),
    "bad_file_line": _l("left out: path, pages, kind, title, filename, date and author are needed"),
    "double": _l("left out: this path was there before"),
    "no_line": _l("left out: no line of files.jsonl tells of this file"),
    "file_too_large": _l("left out: too large"),
    "file_refused": _l("left out: broken, or something else than its name says"),
    "kind_not_taken": _l("left out: a kind of file that this community does not take"),
    "too_many_pixels": _l("left out: an image with too many pixels"),
    "too_many_files": _l("left out: too many documents at one page"),
}

wikis = AppGroup("wikis", help="Bring a wiki in from files, or write it out as files.")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class Notes:
    """What was not right, told on the error output as it is found, and counted."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, note: Note) -> None:
        self.count += 1
        detail = f": {note.detail}" if note.detail else ""
        tqdm.write(f"{note.place}: {REASONS[note.reason]}{detail}", file=sys.stderr)


@wikis.command("import")
@click.argument("source", metavar="DIR", type=click.Path(exists=True, path_type=Path))
@click.option("--theme", "theme_name", required=True, help="Made when there is none of this name.")
@click.option("--history", type=FILE, help="A line of JSON for each version.")
def import_wiki(source: Path, theme_name: str, history: Path | None) -> None:
    """Make wiki pages of the Markdown files in DIR; its folders are the tree.

    DIR is such a folder, or an export of Kring with its history, documents and images: a folder, or
    the ZIP that Kring made. Ends with one line of counts. Run again it adds only what is new. It
    asks no rights: whoever runs the server decides; what it adds stands in the name of the authors
    in the history.
    """
    check_schema()
    notes = Notes()
    with unpacked(source, notes) as folder:
        bring_folder(Source(folder, history), theme_name, notes)


@contextmanager
def unpacked(source: Path, notes: Notes) -> Iterator[Path]:
    """Yield the folder itself, or the one into which a ZIP is unpacked for as long as this takes."""
    if source.is_dir():
        yield source
        return
    with TemporaryDirectory(prefix="kring-import-") as folder:
        try:
            unpack(source, Path(folder), notes)
        except NoZip as error:
            raise click.ClickException(
                _("%(file)s is no ZIP file, or too large a one.", file=shown(str(source)))
            ) from error
        yield Path(folder)


class Source:
    """Where pages, history and files lie: in an export, its `pages`, or in a folder of pages."""

    def __init__(self, folder: Path, history: Path | None) -> None:
        top = folder if (folder / PAGES).is_dir() and (folder / HISTORY).is_file() else None
        if top is None and folder.name == PAGES and (folder.parent / LIST).is_file():
            top = folder.parent
        self.folder = folder
        self.top = top
        self.pages = top / PAGES if top else folder
        of_export = top / HISTORY if top and folder == top else None
        self.history = history or of_export

    def things(self, notes: Notes) -> list[FileLine]:
        """Return what is told of documents and images."""
        if self.top is None or (self.top / FOLDER).is_symlink():
            return []
        file = self.top / LIST
        told = read_list(file, notes) if file.is_file() and not file.is_symlink() else []
        not_told(self.top, told, notes)
        return told


def bring_folder(source: Source, theme_name: str, notes: Notes) -> None:
    """Bring in what a folder holds, and say how much that was."""
    files = read_pages(source.pages, notes)
    if not files:
        raise click.ClickException(
            _("There are no pages in %(folder)s.", folder=shown(str(source.folder)))
        )
    past = read_history(source.history, files, notes) if source.history else {}
    things = source.things(notes)
    try:
        with told_plainly():
            batch = prepared(theme_name, files, past, notes, things)
            tell_unknown_keys(batch)
            added = bring_things(batch, source.top, things)
            counts = bring_all(batch)
    except KeyboardInterrupt:
        db.session.rollback()
        click.echo(_("Stopped. Run the same command again to go on."), err=True)
        raise click.exceptions.Exit(INTERRUPTED) from None
    counts["files"] = added
    click.echo(summary(counts, notes.count))


def bring_things(batch: Batch, top: Path | None, things: Sequence[FileLine]) -> int:
    """Bring in the documents and images, each in a transaction of its own; count the new ones."""
    added = 0
    for line in things if top else ():
        assert top is not None
        added += wiki_arrivals.bring_file(batch, top, line)
        commit()
        db.session.expunge_all()
    return added


def prepared(
    theme_name: str, files: wiki_import.Files, past: History, notes: Notes,
    things: Sequence[FileLine],
) -> Batch:  # fmt: skip
    """Make the pages out of sight, in one transaction."""
    if not theme_name.strip() or len(theme_name) > wiki_import.THEME_LENGTH:
        raise click.ClickException(_("This name is too short or too long for a theme."))
    try:
        theme = wiki_import.theme_named(theme_name)
    except ValueError as error:
        raise click.ClickException(_("This theme is archived.")) from error
    batch = wiki_import.prepare(theme, files, past, notes, things)
    commit()
    return batch


def tell_unknown_keys(batch: Batch) -> None:
    """Tell once which keys of new pages are left out, with on how many pages they stand."""
    headers = [
        batch.files[path].document.header
        for path, key in batch.pages.items()
        if key in batch.fresh and path in batch.files
    ]
    unknown = Counter(key for header in headers for key in header.unknown)
    if unknown:
        keys = ", ".join(f"{key} ({times})" for key, times in unknown.most_common(MOST_KEYS))
        batch.tell(Note("*.md", "keys_left_out", shown(keys)))


def bring_all(batch: Batch) -> Counter[str]:
    """Bring every page, each in a transaction of its own; count what was done."""
    counts: Counter[str] = Counter()
    for path in progress(wiki_import.ordered(batch.files)):
        is_new = batch.pages[path] in batch.fresh
        try:
            added = wiki_versions.bring(batch, path)
            commit()
        except MarkdownRefused as refusal:
            db.session.rollback()
            batch.tell(Note(shown(path), refusal.reason))
            if is_new:
                wiki_versions.drop(batch, path)
                commit()
            continue
        finally:
            db.session.expunge_all()
        counts["versions"] += added
        counts["pages"] += bool(is_new and added)
        counts["unchanged"] += not added
    wiki_versions.finish(batch)
    commit()
    text.render_stale()
    return counts


def progress(paths: Sequence[str]) -> Iterator[str]:
    """Yield the paths, and show how far it is: a bar on a terminal, else a line now and then."""
    if sys.stderr.isatty():
        yield from tqdm(paths, file=sys.stderr, unit="page")
        return
    for number, path in enumerate(paths, start=1):
        yield path
        if number % LINE_EVERY == 0 or number == len(paths):
            click.echo(f"{number}/{len(paths)}", err=True)


def summary(counts: Counter[str], notes: int) -> str:
    """Return the one line for programs and people; a fixed form, in English."""
    line = (
        f"{counts['pages']} pages, {counts['versions']} versions imported,"
        f" {counts['unchanged']} unchanged"
    )
    if counts["files"]:
        line += f", {counts['files']} files"
    return f"{line}, {notes} notes" if notes else line


@wikis.command("export")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--theme", "theme_name", required=True)
def export_wiki(folder: Path, theme_name: str) -> None:
    """Write the wiki of a theme to DIR, with its history, documents and images: import reads it."""
    check_schema()
    name = " ".join(theme_name.split())
    wanted = select(Theme).where((Theme.name == name) | (Theme.slug == slugify(name)))
    theme = db.session.scalar(wanted)
    if theme is None:
        raise click.ClickException(_("There is no theme %(name)s.", name=shown(name)))
    if any((folder / part).exists() for part in (PAGES, HISTORY, FOLDER, LIST)):
        raise click.ClickException(
            _(
                "%(folder)s holds an export already. Choose an empty folder.",
                folder=shown(str(folder)),
            )
        )
    left_out = wiki_export.left_out(theme)
    try:
        counts = write_files(wiki_export.parcel_of(theme), folder)
    except OSError as error:
        raise click.ClickException(
            _("Cannot write: %(reason)s", reason=error.strerror or "")
        ) from error
    if left_out:
        click.echo(
            _("Left out, because moderators hid them: %(num)d pages.", num=left_out), err=True
        )
    files = f", {counts['files']} files" if counts["files"] else ""
    click.echo(f"{counts['pages']} pages, {counts['versions']} versions{files} exported")


def write_files(parcel: Parcel, folder: Path) -> Counter[str]:
    """Write everything; raises OSError."""
    counts: Counter[str] = Counter()
    (folder / PAGES).mkdir(parents=True)
    with (folder / HISTORY).open("x", encoding="utf-8", newline="\n") as lines:
        for page in wiki_export.export(parcel):
            file = folder / PAGES / page.path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(page.text, encoding="utf-8", newline="\n")
            lines.writelines(f"{line}\n" for line in page.lines)
            counts.update(pages=1, versions=len(page.lines))
    if not parcel.things:
        return counts
    with (folder / LIST).open("x", encoding="utf-8", newline="\n") as lines:
        lines.writelines(f"{thing.line}\n" for thing in parcel.things)
    for thing in parcel.things:
        file = folder / thing.path
        file.parent.mkdir(parents=True, exist_ok=True)
        with storage().open(thing.sha256) as source, file.open("xb") as copy:
            shutil.copyfileobj(source, copy)
        counts["files"] += 1
    return counts
