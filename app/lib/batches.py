"""Gathering small facts of many requests, to write them down in one go."""

import atexit
import logging
import os
from collections import deque
from collections.abc import Callable
from functools import partial
from threading import Event, Lock, Thread
from typing import Generic, TypeVar
from weakref import WeakMethod

Item = TypeVar("Item")
_log = logging.getLogger(__name__)


class Batch(Generic[Item]):
    """Items in memory, handed to `flush` every so many seconds by a thread of its own.

    For facts that may be lost when the machine stops, such as page views: at most the last
    `seconds` of them are. When `flush` fails its items wait for the next time; beyond `most`
    waiting items the oldest are dropped. The thread starts with the first item, in each process.
    `flush` runs outside any request.
    """

    def __init__(
        self, flush: Callable[[list[Item]], None], *, seconds: float = 10, most: int = 10_000
    ) -> None:
        self._flush = flush
        self._seconds = seconds
        self._items: deque[Item] = deque(maxlen=most)
        self._thread: Thread | None = None
        self._closed = Event()
        self._start_afresh()
        self._at_the_end_of_processes()

    def add(self, item: Item) -> None:
        """Keep the item for the next flush; never waits for a flush that is going on."""
        with self._lock:
            self._items.append(item)
            if self._thread is None:
                self._thread = Thread(target=self._run, name="batch", daemon=True)
                self._thread.start()

    def flush_now(self) -> bool:
        """Hand over all that waits; False when that failed, which is logged."""
        with self._flushing:
            with self._lock:
                items = list(self._items)
                self._items.clear()
            if not items:
                return True
            try:
                self._flush(items)
            except Exception:  # noqa: BLE001 - whatever went wrong, the items must not be lost
                _log.exception("%d items wait for the next flush", len(items))
                self._put_back(items)
                return False
            return True

    def close(self) -> None:
        """Stop the thread and flush; a later item starts it again."""
        with self._lock:
            thread, self._thread = self._thread, None
            self._closed.set()
            self._closed = Event()
        if thread:
            thread.join()
        self.flush_now()

    def _put_back(self, items: list[Item]) -> None:
        with self._lock:
            newer = list(self._items)
            self._items.clear()
            self._items.extend([*items, *newer])

    def _run(self) -> None:
        closed = self._closed
        while not closed.wait(self._seconds):
            self.flush_now()

    def _start_afresh(self) -> None:
        """Forget what belongs to the process that this one was forked from: it writes that."""
        self._items.clear()
        self._lock = Lock()
        self._flushing = Lock()
        self._closed = Event()
        self._thread = None

    def _at_the_end_of_processes(self) -> None:
        os.register_at_fork(after_in_child=partial(_call, WeakMethod(self._start_afresh)))
        atexit.register(partial(_call, WeakMethod(self.flush_now)))


def _call(method: Callable[[], Callable[[], object] | None]) -> None:
    """Call the method if its batch still exists."""
    if alive := method():
        alive()
