"""Files in an S3 store, each kept once under the hash of its content: for several machines.

The store keeps an object whole or not at all. Only we reach it: it hands out nothing to others.
"""

import errno
import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any, BinaryIO
from urllib.parse import parse_qsl, urlsplit

from app.lib.storage import SHA256, Storage, Stored, copy, key_of

try:
    import obstore
    from obstore.exceptions import BaseError
    from obstore.store import S3Store
except ImportError:  # an extra: docs/scale-out.md
    obstore = None  # type: ignore[assignment]

PIECE = 8 * 1024 * 1024
"""Bytes: what is larger goes up in pieces, two at a time."""
READ_AHEAD = 1024 * 1024
# A store that does not answer costs a request some seconds, not minutes.
PATIENCE: Any = {"timeout": "30s", "connect_timeout": "3s"}
AGAIN: Any = {"max_retries": 2, "retry_timeout": timedelta(seconds=10)}
LEAVING = "leaving/"
PROBE = "probe"


class Bucket(Storage):
    """The files of one installation in a bucket, or below a prefix in it.

    A file that nothing needs is put aside first, and deleted by a later `delete_before`: no store
    can delete an object only if nobody has just stored it once more. Until then it is still found.
    """

    def __init__(self, url: str) -> None:
        """Take `s3://bucket/prefix?option=value`; what it leaves out is in the AWS_* variables.

        Raises ValueError for an address that makes no sense, or when the library is absent.
        """
        if obstore is None:
            raise ValueError("KRING_FILES_URL=s3://… needs: pip install -r requirements-scale.txt")
        parts = urlsplit(url)
        self.place = f"s3://{parts.netloc}{parts.path}".rstrip("/")
        options: Any = dict(parse_qsl(parts.query))
        client: Any = PATIENCE | {"allow_http": options.get("endpoint", "").startswith("http://")}
        unsigned: Any = {"skip_signature": True}
        try:
            self._store, self._stranger = (
                S3Store(
                    parts.netloc, prefix=parts.path.strip("/") or None, config=chosen,
                    client_options=client, retry_config=AGAIN,
                )
                for chosen in (options, options | unsigned)
            )  # fmt: skip
        except BaseError as error:
            raise ValueError(f"KRING_FILES_URL: {in_short(error)}") from None
        self._process = 0

    def save(self, stream: BinaryIO, most: int) -> Stored:
        with tempfile.TemporaryFile() as file:
            stored = copy(stream, file, most)
            file.seek(0)
            self._put(key_of(stored.sha256), file)
        return stored

    def open(self, sha256: str) -> BinaryIO:
        key = key_of(sha256)
        with self._asked():
            try:
                found = obstore.open_reader(self._store, key, buffer_size=READ_AHEAD)
            except FileNotFoundError:
                aside = LEAVING + key
                found = obstore.open_reader(self._store, aside, buffer_size=READ_AHEAD)
        return io.BufferedReader(Reader(found), READ_AHEAD)

    def delete(self, sha256: str) -> None:
        key = key_of(sha256)
        with self._asked(), suppress(FileNotFoundError):
            obstore.delete(self._store, [key, LEAVING + key])

    def delete_before(self, sha256: str, moment: datetime) -> bool:
        key = key_of(sha256)
        with self._asked(), suppress(FileNotFoundError):
            try:
                if obstore.head(self._store, key)["last_modified"] < moment:
                    obstore.rename(self._store, key, LEAVING + key)
            except FileNotFoundError:
                if obstore.head(self._store, LEAVING + key)["last_modified"] < moment:
                    obstore.delete(self._store, LEAVING + key)
                    return True
        return False

    def names(self) -> Iterator[str]:
        seen: set[str] = set()
        with self._asked():
            for some in obstore.list(self._store):
                seen.update(one["path"].rpartition("/")[2] for one in some)
        yield from (name for name in seen if SHA256.fullmatch(name))

    def check(self) -> None:
        self._put(PROBE, io.BytesIO(b"kring"))

    def is_open_to_others(self) -> bool:
        self.check()
        with self._asked(), suppress(BaseError):
            obstore.get(self._stranger, PROBE)
            return True
        return False

    def _put(self, key: str, file: BinaryIO) -> None:
        with self._asked():
            try:
                obstore.put(self._store, key, file, chunk_size=PIECE, max_concurrency=2)
            except FileNotFoundError as error:  # there is no such bucket
                raise OSError(errno.EIO, in_short(error)) from error

    @contextmanager
    def _asked(self) -> Iterator[None]:
        """Tell of a store that does not do what we ask as of a disk that fails.

        Raises RuntimeError in a process that was forked off after the first use: the library
        would wait for ever for threads that stayed behind.
        """
        self._process = self._process or os.getpid()
        if self._process != os.getpid():
            raise RuntimeError("an S3 store cannot be used on both sides of a fork")
        try:
            yield
        except BaseError as error:
            raise OSError(errno.EIO, in_short(error)) from error


class Reader(io.RawIOBase):
    """An object of the store, as Python reads files."""

    def __init__(self, found: "obstore.ReadableFile") -> None:
        self._found = found

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer. Raises OSError when the store stops in the middle."""
        try:
            piece = self._found.read(len(buffer))
        except BaseError as error:
            raise OSError(errno.EIO, in_short(error)) from error
        buffer[: len(piece)] = piece
        return len(piece)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._found.seek(offset, whence)

    def tell(self) -> int:
        return self._found.tell()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True


def in_short(error: Exception) -> str:
    """Return the first line of what the library says; what follows is for its makers."""
    return str(error).partition("\n")[0]
