"""Files, each kept once under the hash of its content; here on disk, in `bucket` in an S3 store.

A file lies at `<folder>/<first two of hash>/<sha256>`, readable by its owner only. It appears
there whole or not at all, also when the power fails: written beside it, synced, renamed, and the
folder synced.
"""

import errno
import fcntl
import hashlib
import os
import re
import stat
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

CHUNK = 256 * 1024
SHA256 = re.compile(r"[0-9a-f]{64}")
# Of what is being written, in the folder itself: the same file system, so a rename is one step.
UNFINISHED = ".new-"
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO})
"""What an OSError says when a disk is full or fails."""


class TooLarge(ValueError):
    """There is more to store than is allowed."""


@dataclass(frozen=True)
class Stored:
    """A file as it was stored; `size` in bytes."""

    sha256: str
    size: int


class Storage(ABC):
    """The files of one installation, wherever they lie.

    What cannot be reached or does not take a file raises OSError with a number of NO_ROOM.
    """

    place: str
    """Where they lie, without secrets."""

    @abstractmethod
    def save(self, stream: BinaryIO, most: int) -> Stored:
        """Store what can still be read from `stream`, at most so many bytes, whole or not at all.

        What is there already is not kept twice, but its time is renewed: `delete_before` leaves
        it alone until a row names it. Raises TooLarge and OSError; nothing is left behind then.
        """

    @abstractmethod
    def open(self, sha256: str) -> BinaryIO:
        """Open a file for reading; it allows seeking. Raises FileNotFoundError."""

    @abstractmethod
    def delete(self, sha256: str) -> None:
        """Delete a file; nothing happens when there is none."""

    @abstractmethod
    def delete_before(self, sha256: str, moment: datetime) -> bool:
        """Delete a file unless it was stored, or stored once more, after `moment`; tell whether."""

    @abstractmethod
    def names(self) -> Iterator[str]:
        """Yield the hash of every file, each once."""

    @abstractmethod
    def check(self) -> None:
        """Raise OSError when no file can be stored just now."""

    @abstractmethod
    def is_open_to_others(self) -> bool:
        """Tell whether people can read files without asking us."""


class Folder(Storage):
    """Files on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.place = str(folder)

    def save(self, stream: BinaryIO, most: int) -> Stored:
        make_folder(self.folder)
        descriptor, name = tempfile.mkstemp(prefix=UNFINISHED, dir=self.folder)
        new = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                stored = copy(stream, file, most)
                file.flush()
                os.fsync(file.fileno())
            with self._alone():
                self._put(new, self.path(stored.sha256))
        finally:
            new.unlink(missing_ok=True)
        return stored

    def open(self, sha256: str) -> BinaryIO:
        return self.path(sha256).open("rb")

    def delete(self, sha256: str) -> None:
        self.path(sha256).unlink(missing_ok=True)

    def delete_before(self, sha256: str, moment: datetime) -> bool:
        with self._alone():
            path = self.path(sha256)
            if not path.exists() or path.stat().st_mtime >= moment.timestamp():
                return False
            path.unlink()
            return True

    def names(self) -> Iterator[str]:
        for path in self.folder.glob("??/*"):
            if SHA256.fullmatch(path.name):
                yield path.name

    def check(self) -> None:
        make_folder(self.folder)
        tempfile.TemporaryFile(dir=self.folder).close()

    def is_open_to_others(self) -> bool:
        return bool(self.folder.stat().st_mode & stat.S_IRWXO)

    def path(self, sha256: str) -> Path:
        """Return where a file lies. Raises ValueError for what is no hash."""
        return self.folder / key_of(sha256)

    def _put(self, new: Path, path: Path) -> None:
        if path.exists():
            os.utime(path)
            return
        make_folder(path.parent)
        new.replace(path)
        sync(path.parent)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let no other process put or delete files meanwhile."""
        lock_file = os.open(self.folder / ".lock", os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(lock_file, "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def key_of(sha256: str) -> str:
    """Return under which name a file is kept. Raises ValueError for what is no hash."""
    if not SHA256.fullmatch(sha256):
        raise ValueError(f"not a hash: {sha256!r}")
    return f"{sha256[:2]}/{sha256}"


def copy(stream: BinaryIO, file: BinaryIO, most: int) -> Stored:
    """Copy a stream piece by piece, counting and hashing. Raises TooLarge."""
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > most:
            raise TooLarge(f"more than {most} bytes")
        digest.update(chunk)
        file.write(chunk)
    return Stored(digest.hexdigest(), size)


def make_folder(path: Path) -> None:
    """Make a folder for its owner only, if there is none, so that it outlives a power failure."""
    if not path.is_dir():
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        sync(path.parent)


def sync(folder: Path) -> None:
    """Write to disk which files a folder has."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
