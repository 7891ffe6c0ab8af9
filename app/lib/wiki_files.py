"""The documents and images that come with a wiki: `files/`, and a line of JSON for each.

A line of `files.jsonl` has `path` (of the file), `pages` (those at which it stands), `kind`, `title`
(of an image: its description), `filename`, `date`, `author` and, when it is another, `author_name`.
"""

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Literal

from app.lib.wiki_folder import (
    Note,
    Tell,
    Unfit,
    checked,
    inside,
    json_line,
    lines,
    moment,
    required,
    shown,
)

FOLDER = "files"
LIST = "files.jsonl"
PAGES = "pages"
HISTORY = "history.jsonl"
MOST_LINE = 20_000
MOST_PAGES = 2000

Kind = Literal["document", "image"]


@dataclass(frozen=True)
class FileLine:
    """What is told of a file. `line` is its number; paths count from the folder of the export."""

    line: int
    path: str
    pages: tuple[str, ...]
    kind: Kind
    title: str
    filename: str
    date: datetime
    author: str
    author_name: str = ""


def read_list(file: Path, note: Tell) -> list[FileLine]:
    """Read the lines about files; those that cannot be used are told."""
    found: dict[str, FileLine] = {}
    with file.open("rb") as stream:
        for number, line in lines(stream):
            try:
                read = file_line(number, line)
            except Unfit as error:
                note(Note(f"{file.name}:{number}", error.reason, error.detail))
                continue
            if read.path in found:
                note(Note(f"{file.name}:{number}", "double", shown(read.path)))
            else:
                found[read.path] = read
    return list(found.values())


def file_line(number: int, line: bytes) -> FileLine:
    """Return what a line says; raises Unfit."""
    values = json_line(line, MOST_LINE * 10, "bad_file_line")
    for key in ("path", "kind", "title", "filename", "date", "author"):
        checked(required(values, key, "bad_file_line"))
    if values["kind"] not in ("document", "image"):
        raise Unfit("bad_file_line", "kind")
    name = values.get("author_name", "")
    return FileLine(
        number, below_files(values["path"]), pages_of(values.get("pages")), values["kind"],
        " ".join(values["title"].split()), values["filename"], moment(values["date"]),
        values["author"].strip(), checked(name) if isinstance(name, str) else "",
    )  # fmt: skip


def below_files(path: str) -> str:
    """Return the path of a file in one form; raises Unfit when it lies elsewhere."""
    found = inside(path)
    if not found.startswith(f"{FOLDER}/"):
        raise Unfit("outside", shown(path))
    return found


def pages_of(value: object) -> tuple[str, ...]:
    """Return the paths of pages; raises Unfit."""
    if not isinstance(value, list) or not 0 < len(value) <= MOST_PAGES:
        raise Unfit("bad_file_line", "pages")
    if not all(isinstance(path, str) for path in value):
        raise Unfit("bad_file_line", "pages")
    return tuple(inside(path) for path in value)


def open_file(root: Path, path: str) -> BinaryIO:
    """Open a file below a folder, through no link; raises Unfit."""
    place = root
    try:
        for part in Path(path).parts:
            place = place / part
            if place.is_symlink():
                raise Unfit("is_link")
        # Without waiting: what was a file may have become a pipe.
        descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError as error:
        raise Unfit("missing_file") from error
    except OSError as error:
        raise Unfit("unreadable", error.strerror or "") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Unfit("no_file")
    return os.fdopen(descriptor, "rb")


def not_told(root: Path, told: Sequence[FileLine], note: Tell) -> None:
    """Tell of the files in the folder of which no line tells: they are not brought in."""
    known = {line.path for line in told}
    for folder, _folders, names in os.walk(root / FOLDER):
        for name in sorted(names):
            path = Path(folder, name).relative_to(root).as_posix()
            if path not in known:
                note(Note(shown(path), "no_line"))
