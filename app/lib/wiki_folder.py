"""A wiki as files: a folder of Markdown files, and a file with a line of JSON for each version.

Whatever is wrong with one file or line is told to `note`, and the rest is read.
"""

import json
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Literal

from app.lib.clock import now
from app.lib.front_matter import BrokenFrontMatter, Document, read
from app.lib.markdown.limits import MAX_LENGTH, MarkdownRefused, check_size

Reason = Literal[
    "not_utf8", "too_long", "too_complex", "too_nested", "is_link", "no_file", "unreadable", "bad_name",
    "bad_characters", "front_matter", "bad_json", "bad_line", "bad_date", "outside", "unknown_page",
    "older", "missing_page", "missing_file", "missing_image", "foreign_image", "keys_left_out",
    "long_title", "keywords_left_out", "too_deep", "in_bin", "unknown_owner", "bad_file_line",
    "double", "no_line", "file_too_large", "file_refused", "kind_not_taken", "too_many_pixels",
    "too_many_files",
]  # fmt: skip

MAX_BYTES = MAX_LENGTH * 4
MAX_LINE = MAX_LENGTH * 7
"""Bytes of a line of history: JSON may write a character as six."""
MAX_PATH = 400
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Note:
    """Something that was left out or is not right: where, why, and what exactly."""

    place: str
    reason: Reason
    detail: str = ""


Tell = Callable[[Note], None]


@dataclass(frozen=True)
class PageFile:
    """A page as a file: its text as it stands, and what it says."""

    path: str
    text: str
    document: Document


@dataclass(frozen=True)
class PastVersion:
    """A line of history. `line` is its number, `author_name` may be empty."""

    line: int
    path: str
    date: datetime
    author: str
    body: str
    author_name: str = ""
    note: str = ""


def name_of(path: str) -> str:
    """Return the name that a path gives a page when nothing else does."""
    parts = PurePosixPath(path)
    stem = parts.parent.name if parts.stem == "index" else parts.stem
    name = (stem or parts.stem).replace("-", " ").replace("_", " ").strip()
    return name[:1].upper() + name[1:]


def read_pages(root: Path, note: Tell) -> dict[str, PageFile]:
    """Read all `.md` files below a folder, by their path from there."""
    found = {}
    for path in markdown_files(root, note):
        name = path.relative_to(root).as_posix()
        if len(name) > MAX_PATH or not name.isprintable():
            note(Note(shown(name), "bad_name"))
            continue
        try:
            text = read_text(path)
            found[name] = PageFile(name, text, read(text, name_of(name)))
        except Unfit as error:
            note(Note(shown(name), error.reason, error.detail))
        except BrokenFrontMatter as error:
            note(Note(shown(name), "front_matter", str(error)))
    return found


def markdown_files(root: Path, note: Tell) -> Iterator[Path]:
    """Yield the files in order; nothing that lies elsewhere and is only linked to."""

    def unreadable(error: OSError) -> None:
        name = os.path.relpath(error.filename, root)
        note(Note(shown(name), "unreadable", error.strerror or ""))

    for folder, folders, names in os.walk(root, onerror=unreadable):
        folders.sort()
        for name in sorted([*names, *folders]):
            path = Path(folder, name)
            if path.is_symlink() and (name in folders or name.endswith(".md")):
                note(Note(shown(path.relative_to(root).as_posix()), "is_link"))
            elif name in names and name.endswith(".md"):
                yield path


class Unfit(Exception):
    """A text that cannot be a page."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason)
        self.reason, self.detail = reason, detail


def read_text(path: Path) -> str:
    """Return a file's text; raises Unfit."""
    try:
        # A pipe would keep us waiting; so it is looked at first.
        if not stat.S_ISREG(path.stat().st_mode):
            raise Unfit("no_file")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Unfit("unreadable", error.strerror or "") from error
    if len(data) > MAX_BYTES:
        raise Unfit("too_long")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise Unfit("not_utf8", str(error.start)) from error
    return checked(text)


def checked(text: str) -> str:
    """Return a text that can be kept and rendered; raises Unfit."""
    if "\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise Unfit("bad_characters")
    try:
        check_size(text)
    except MarkdownRefused as refusal:
        raise Unfit(refusal.reason) from refusal
    return text


def read_history(
    file: Path, pages: dict[str, PageFile], note: Tell
) -> dict[str, list[PastVersion]]:
    """Read the versions of these pages, the oldest first."""
    found: dict[str, list[PastVersion]] = {}
    strangers: dict[str, list[int]] = {}
    with file.open("rb") as stream:
        for number, line in lines(stream):
            try:
                version = version_of(number, line)
            except Unfit as error:
                note(Note(f"{file.name}:{number}", error.reason, error.detail))
                continue
            if version.path in pages:
                found.setdefault(version.path, []).append(version)
            else:
                strangers.setdefault(version.path, []).append(number)
    for path, numbers in strangers.items():
        note(Note(f"{file.name}:{numbers[0]}", "unknown_page", f"{shown(path)} ({len(numbers)})"))
    for versions in found.values():
        versions.sort(key=lambda version: version.date)
    return found


def lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that are not empty, with their numbers; of one that is too long, the start."""
    number = 0
    while line := stream.readline(MAX_LINE + 1):
        number += 1
        rest = line
        while len(rest) > MAX_LINE and not rest.endswith(b"\n"):
            rest = stream.readline(MAX_LINE + 1)
        if line.strip():
            yield number, line


def version_of(number: int, line: bytes) -> PastVersion:
    """Return what a line says; raises Unfit."""
    values = json_line(line, MAX_LINE, "bad_line")
    for key in ("path", "date", "author", "body"):
        required(values, key, "bad_line")
    checked(values["path"] + values["author"])
    path = inside(values["path"])
    extra = {
        key: values[key] for key in ("author_name", "note") if isinstance(values.get(key), str)
    }
    return PastVersion(
        number, path, moment(values["date"]), values["author"].strip(), checked(values["body"]),
        **{key: checked(text) for key, text in extra.items()},
    )  # fmt: skip


def json_line(line: bytes, longest: int, wrong: Reason) -> dict[str, Any]:
    """Return the object on a line; raises Unfit, `wrong` when it is something else."""
    if len(line) > longest:
        raise Unfit("too_long")
    try:
        values = json.loads(line.decode())
    except UnicodeDecodeError as error:
        raise Unfit("not_utf8", str(error.start)) from error
    except (ValueError, RecursionError) as error:
        raise Unfit("bad_json", str(error)[:200]) from error
    if not isinstance(values, dict):
        raise Unfit(wrong)
    return values


def required(values: dict[str, Any], key: str, wrong: Reason) -> str:
    """Return a text that must be there; raises Unfit with `wrong` and the key."""
    text = values.get(key)
    if not isinstance(text, str) or not text.strip():
        raise Unfit(wrong, key)
    return text


def inside(path: str) -> str:
    """Return a path in one form; raises Unfit when it can lead out of the folder."""
    parts = PurePosixPath(path).parts
    if path.startswith("/") or ".." in parts or "\\" in path or not path.isprintable():
        raise Unfit("outside", shown(path))
    return "/".join(parts)


def moment(text: str) -> datetime:
    """Return a moment of the past from its ISO form with offset; raises Unfit."""
    try:
        found = datetime.fromisoformat(text.strip())
        if found.tzinfo is None or not EARLIEST <= found <= now():
            raise Unfit("bad_date", shown(text))
        return found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Unfit("bad_date", shown(text)) from error


def shown(name: str) -> str:
    """Return a name of which nothing happens to a terminal."""
    return ascii(name)[1:-1][:200] if not name.isprintable() else name[:200]
