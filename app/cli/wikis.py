"""`flask wikis import` and `flask wikis export`: a wiki from files, and as files."""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from tqdm import tqdm

from app.cli.serve import check_schema
from app.extensions import commit, db
from app.lib.markdown import MarkdownRefused
from app.lib.slugs import slugify
from app.lib.wiki_folder import Note, Reason, read_history, read_pages, shown
from app.models import Theme
from app.services import text, wiki_export, wiki_import, wiki_versions
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
}

wikis = AppGroup("wikis", help="Bring a wiki in from files, or write it out as files.")
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
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
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--theme", "theme_name", required=True, help="Made when there is none of this name.")
@click.option("--history", type=FILE, help="A line of JSON for each version.")
def import_wiki(folder: Path, theme_name: str, history: Path | None) -> None:
    """Make wiki pages of the Markdown files in DIR; its folders are the tree.

    Ends with one line of counts. Run again it adds only what is new. It asks no rights: whoever
    runs the server decides; what it adds stands in the name of the authors in the history.
    """
    check_schema(upgrade=False)
    notes = Notes()
    files = read_pages(folder, notes)
    if not files:
        raise click.ClickException(
            _("There are no pages in %(folder)s.", folder=shown(str(folder)))
        )
    past = read_history(history, files, notes) if history else {}
    try:
        batch = prepared(theme_name, files, past, notes)
        tell_unknown_keys(batch)
        counts = bring_all(batch)
    except KeyboardInterrupt:
        db.session.rollback()
        click.echo(_("Stopped. Run the same command again to go on."), err=True)
        raise click.exceptions.Exit(INTERRUPTED) from None
    except DBAPIError as error:
        db.session.rollback()
        reason = str(error.orig).strip().splitlines()[0]
        raise click.ClickException(
            _("Cannot use the database: %(reason)s", reason=reason)
        ) from error
    click.echo(summary(counts, notes.count))


def prepared(theme_name: str, files: wiki_import.Files, past: History, notes: Notes) -> Batch:
    """Make the pages out of sight, in one transaction."""
    if not theme_name.strip() or len(theme_name) > wiki_import.THEME_LENGTH:
        raise click.ClickException(_("This name is too short or too long for a theme."))
    try:
        theme = wiki_import.theme_named(theme_name)
    except ValueError as error:
        raise click.ClickException(_("This theme is archived.")) from error
    batch = wiki_import.prepare(theme, files, past, notes)
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
    return f"{line}, {notes} notes" if notes else line


@wikis.command("export")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--theme", "theme_name", required=True)
def export_wiki(folder: Path, theme_name: str) -> None:
    """Write the wiki of a theme to DIR: `pages/` and `history.jsonl`, which import reads."""
    check_schema(upgrade=False)
    name = " ".join(theme_name.split())
    wanted = select(Theme).where((Theme.name == name) | (Theme.slug == slugify(name)))
    theme = db.session.scalar(wanted)
    if theme is None:
        raise click.ClickException(_("There is no theme %(name)s.", name=shown(name)))
    pages, history = folder / "pages", folder / "history.jsonl"
    if pages.exists() or history.exists():
        raise click.ClickException(
            _(
                "%(folder)s holds an export already. Choose an empty folder.",
                folder=shown(str(folder)),
            )
        )
    left_out = wiki_export.left_out(theme)
    try:
        counts = write_files(theme, pages, history)
    except OSError as error:
        raise click.ClickException(
            _("Cannot write: %(reason)s", reason=error.strerror or "")
        ) from error
    if left_out:
        click.echo(
            _("Left out, because moderators hid them: %(num)d pages.", num=left_out), err=True
        )
    click.echo(f"{counts['pages']} pages, {counts['versions']} versions exported")


def write_files(theme: Theme, pages: Path, history: Path) -> Counter[str]:
    """Write everything; raises OSError."""
    counts: Counter[str] = Counter()
    pages.mkdir(parents=True)
    with history.open("x", encoding="utf-8", newline="\n") as lines:
        for page in wiki_export.export(theme):
            file = pages / page.path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(page.text, encoding="utf-8", newline="\n")
            lines.writelines(f"{line}\n" for line in page.lines)
            counts.update(pages=1, versions=len(page.lines))
    return counts
