"""A ZIP file unpacked into a folder, however it was made: nothing outside, nothing too large."""

import stat
import zlib
from collections.abc import Iterator
from pathlib import Path
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

from app.lib.wiki_folder import Note, Tell, Unfit, inside, shown

MOST_FILES = 20_000
MOST_BYTES = 4_000_000_000
"""Of all files together, as they come out."""
MOST_EACH = 500_000_000
CHUNK = 256 * 1024
ENCRYPTED = 0x1


class NoZip(Exception):
    """This is no ZIP file, or too large a one."""


def unpack(file: Path, folder: Path, note: Tell) -> None:
    """Write what is in a ZIP below a folder that is empty; tell what is left out. Raises NoZip."""
    taken: set[str] = set()
    room = MOST_BYTES
    try:
        with ZipFile(file) as archive:
            if len(archive.infolist()) > MOST_FILES:
                raise NoZip
            for info, path in wanted(archive, note):
                if path.casefold() in taken:
                    note(Note(shown(path), "double"))
                    continue
                taken.add(path.casefold())
                try:
                    room -= write(archive, info, folder / path, min(room, MOST_EACH))
                except Unfit as error:
                    note(Note(shown(path), error.reason, error.detail))
    except (BadZipFile, LargeZipFile, NotImplementedError, OSError) as error:
        raise NoZip from error


def wanted(archive: ZipFile, note: Tell) -> Iterator[tuple[ZipInfo, str]]:
    """Yield the files with their paths; folders are made as they are needed."""
    for info in archive.infolist():
        kind = stat.S_IFMT(info.external_attr >> 16)
        if info.is_dir():
            continue
        if kind == stat.S_IFLNK:
            note(Note(shown(info.filename), "is_link"))
        elif kind not in (0, stat.S_IFREG) or info.flag_bits & ENCRYPTED:
            note(Note(shown(info.filename), "no_file"))
        else:
            try:
                yield info, inside(info.filename)
            except Unfit as error:
                note(Note(shown(info.filename), error.reason))


def write(archive: ZipFile, info: ZipInfo, target: Path, most: int) -> int:
    """Write one file, at most so many bytes, and return how many. Raises Unfit."""
    written = 0
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(info) as source, target.open("xb") as copy:
            # What a ZIP says of a size is not believed.
            while written <= most and (chunk := source.read(CHUNK)):
                written += len(chunk)
                copy.write(chunk)
    except (BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
        target.unlink(missing_ok=True)
        raise Unfit("unreadable") from error
    if written > most:
        target.unlink()
        raise Unfit("file_too_large")
    return written
