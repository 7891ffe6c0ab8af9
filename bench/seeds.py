"""Where seeds are kept, and the copies of them that the bench works on."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from bench import seed
from bench.failing import BenchError


@dataclass(frozen=True)
class Seed:
    """A community in an instance folder; with an address its database is in PostgreSQL."""

    folder: Path
    url: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables by which the product finds it."""
        return seed.environment(self.folder, self.url)


def seeded(seeds: Path, replies: int, url: str = "") -> Seed:
    """Return a seed of this size, made when it is not there. Raises BenchError where it cannot be."""
    folder = seeds / f"{'postgresql' if url else 'sqlite'}-{replies}"
    print(f"Seed of {replies:,} replies: {folder}", flush=True)
    try:
        seed.ensure(folder, seed.Size(replies), url)
    except seed.NotASeedError as error:
        raise BenchError(str(error)) from error
    return Seed(folder, url)


@contextmanager
def copied(found: Seed, folder: Path) -> Iterator[Seed]:
    """Give a copy of a seed, because the bench writes; it goes afterwards."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(found.folder, folder)
    try:
        if found.url:
            with copied_database(found.url) as url:
                yield Seed(folder, url)
        else:
            yield Seed(folder)
    finally:
        shutil.rmtree(folder)


@contextmanager
def copied_database(url: str) -> Iterator[str]:
    """Give a copy of a database on its PostgreSQL server."""
    parsed = make_url(url)
    source, copy = parsed.database or "", f"{parsed.database}_run"
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(copy))
    make = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
        sql.Identifier(copy), sql.Identifier(source)
    )
    server = parsed.set(drivername="postgresql", database="postgres")
    address = server.render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(drop)
        connection.execute(make)
        try:
            yield parsed.set(database=copy).render_as_string(hide_password=False)
        finally:
            connection.execute(drop)
