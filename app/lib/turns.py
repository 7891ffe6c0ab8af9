"""Writers to one SQLite file take turns.

SQLite has no queue of its own: who finds the file taken looks again after ever longer pauses, up to
a tenth of a second, while the file lies idle and others who come later go first. Here one writer at
a time, of all threads and processes, waits at the door and looks ten times a millisecond; the others
stand behind that one. Nobody holds a place while writing, so none is lost when a process ends.
"""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from threading import Lock
from typing import Any

PAUSE = 0.0001
"""Seconds between two looks whether another process is done."""


class Connection(sqlite3.Connection):
    """A connection that begins to write when it is its turn.

    `row` is shared by all connections of this process to the same file; `patience`, in seconds, is
    how long one waits.
    """

    def __init__(self, path: str, *args: Any, row: Lock, patience: float, **kwargs: Any) -> None:
        super().__init__(path, *args, **kwargs)
        self.folder = Path(path).parent
        self.row = row
        self.patience = patience

    def begin_to_write(self) -> None:
        """Begin a transaction that holds the write lock.

        Raises sqlite3.OperationalError when others hold it for longer than we have patience.
        """
        until = time.monotonic() + self.patience
        if not self.row.acquire(timeout=self.patience):
            raise sqlite3.OperationalError("database is locked")
        try:
            with at_the_door(self.folder, until):
                self.execute("PRAGMA busy_timeout=0")
                try:
                    while not self.begins():
                        pause(until)
                finally:
                    self.execute(f"PRAGMA busy_timeout={int(self.patience * 1000)}")
        finally:
            self.row.release()

    def begins(self) -> bool:
        """Tell whether a writing transaction could begin."""
        try:
            self.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            return False
        return True


@contextmanager
def at_the_door(folder: Path, until: float) -> Iterator[None]:
    """Be the one of all processes that writes next, marked by a lock on the database's folder.

    Not on its file: to close that once more would take away the locks of SQLite itself.
    """
    door = os.open(folder, os.O_RDONLY)
    try:
        while True:
            try:
                flock(door, LOCK_EX | LOCK_NB)
                break
            except BlockingIOError:
                pause(until)
        yield
    finally:
        os.close(door)


def pause(until: float) -> None:
    """Pause for a moment; raise sqlite3.OperationalError when it is too late for that."""
    if time.monotonic() >= until:
        raise sqlite3.OperationalError("database is locked")
    time.sleep(PAUSE)
