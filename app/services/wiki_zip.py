"""A wiki as a ZIP file, made on disk: memory holds a page or a piece of a file at a time."""

from collections.abc import Iterator
from tempfile import TemporaryFile
from threading import BoundedSemaphore
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from app.extensions import db
from app.lib.clock import local, now
from app.lib.wiki_files import HISTORY, LIST, PAGES
from app.services.attachments import storage
from app.services.wiki_export import Parcel, export

CHUNK = 256 * 1024
MOST_BYTES = 2_000_000_000
"""Of documents and images in one download; what is larger, a command on the server writes."""


AT_ONCE = 2
"""Downloads that one process makes at the same time."""
_free = BoundedSemaphore(AT_ONCE)


class Busy(Exception):
    """Others are being served just now."""


class TooMuch(Exception):
    """There is more than a download can hold."""


def zipped(parcel: Parcel) -> IO[bytes]:
    """Return a file at its begin, which is gone once it is closed. Raises TooMuch, Busy, OSError.

    The transaction ends before the files are copied: a large download keeps nobody waiting.
    """
    if parcel.size > MOST_BYTES:
        raise TooMuch
    if not _free.acquire(blocking=False):
        raise Busy
    try:
        return made(parcel)
    finally:
        _free.release()


def made(parcel: Parcel) -> IO[bytes]:
    """Make the file of `zipped`."""
    file = TemporaryFile()  # noqa: SIM115  # who sends it closes it
    try:
        with ZipFile(file, "w", ZIP_DEFLATED) as archive:
            write_texts(archive, parcel)
            db.session.rollback()
            for thing in parcel.things:
                with storage().open(thing.sha256) as source:
                    write(archive, thing.path, pieces(source), ZIP_STORED)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def write_texts(archive: ZipFile, parcel: Parcel) -> None:
    """Write the pages, their history, and what is told of the files."""
    with TemporaryFile() as history:
        for page in export(parcel):
            write(archive, f"{PAGES}/{page.path}", iter([page.text.encode()]))
            history.writelines(f"{line}\n".encode() for line in page.lines)
        history.seek(0)
        write(archive, HISTORY, pieces(history))
    if parcel.things:
        write(archive, LIST, (f"{thing.line}\n".encode() for thing in parcel.things))


def write(archive: ZipFile, path: str, parts: Iterator[bytes], way: int = ZIP_DEFLATED) -> None:
    """Write one file piece by piece; what is compressed by itself is only stored."""
    info = ZipInfo(path, local(now()).timetuple()[:6])
    info.compress_type = way
    info.external_attr = 0o644 << 16
    with archive.open(info, "w", force_zip64=True) as target:
        for part in parts:
            target.write(part)


def pieces(source: IO[bytes]) -> Iterator[bytes]:
    """Yield what can still be read, a piece at a time."""
    while piece := source.read(CHUNK):
        yield piece
