"""The queue of background jobs: a file beside the database, or Redis for several machines."""

import logging
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from huey import Huey, RedisExpireHuey, SqliteHuey

try:
    from redis import ConnectionPool
    from redis.backoff import NoBackoff
    from redis.exceptions import RedisError
    from redis.retry import Retry
except ImportError:  # an extra: docs/scale-out.md
    ConnectionPool = None  # type: ignore[assignment,misc]
    RedisError = ConnectionError  # type: ignore[assignment,misc]

NAME = "kring"
UNREACHABLE: tuple[type[Exception], ...] = (RedisError, sqlite3.Error)
"""What a queue raises that cannot be reached."""
# Nobody's request waits long for a queue that is away.
PATIENCE: dict[str, Any] = {"socket_connect_timeout": 2, "socket_timeout": 3}
MINUTES_KEPT = 3600
"""Seconds for which is known that work of a certain minute was given out."""
_log = logging.getLogger(__name__)


class SharedQueue(RedisExpireHuey):
    """A queue in Redis, from which the workers of several machines take jobs."""

    def read_periodic(self, timestamp: datetime | None) -> list[Any]:
        """Return the work that is due: each minute's is given out once, to who asks first."""
        due = super().read_periodic(timestamp)
        minute = f"{timestamp or self._get_timestamp():%Y-%m-%d %H:%M}"
        try:
            return [t for t in due if self.put_if_empty(f"{t.name} {minute}", 1, ttl=MINUTES_KEPT)]
        except RedisError as error:
            _log.error("the queue of jobs cannot be reached: %s", error)
            return []


def make_queue(url: str, file: Path, *, immediate: bool) -> Huey:
    """Return the queue at a `redis://`, `rediss://` or `unix://` address; without one in a file.

    `immediate` does every job at once. Raises ValueError for another address, and when the library
    is absent.
    """
    if not url:
        return SqliteHuey(NAME, filename=str(file), immediate=immediate, fsync=True)
    if ConnectionPool is None:
        raise ValueError("KRING_REDIS_URL needs: pip install -r requirements-scale.txt")
    try:
        pool = ConnectionPool.from_url(url, retry=Retry(NoBackoff(), 1), **PATIENCE)
    except ValueError:  # which may name part of a password
        raise ValueError("KRING_REDIS_URL begins with redis://, rediss:// or unix://") from None
    return SharedQueue(NAME, connection_pool=pool, immediate=immediate)


def place_of(url: str, file: Path) -> str:
    """Return where the queue is, without secrets."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}" if url else str(file)
