"""Databases for tests: made once by the migrations, as new for every test."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy.engine import make_url

from app.extensions import Kring, db
from app.lib.batches import Batch
from tools import postgres

KIND = os.environ.get("KRING_TEST_DATABASE", "sqlite")
SHARED_MEMORY = "/dev/shm"
ENOUGH = 500_000_000  # bytes; containers often have only 64 MB there


def in_memory() -> str | None:
    """Return a folder where nothing waits for a disk, or None for the ordinary temporary place."""
    there = os.access(SHARED_MEMORY, os.W_OK)
    return SHARED_MEMORY if there and shutil.disk_usage(SHARED_MEMORY).free > ENOUGH else None


# As a superuser: constraints and triggers are off, so the order does not matter and rows that
# the product never lets go are emptied too. One statement: 1 ms, where a copy takes 50.
EMPTY = """
DO $$
DECLARE name text;
BEGIN
    SET LOCAL session_replication_role = replica;
    SET LOCAL lock_timeout = '5s';
    FOR name IN SELECT tablename FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    LOOP EXECUTE format('DELETE FROM %I', name); END LOOP;
    PERFORM setval(quote_ident(sequencename)::regclass, start_value, false) FROM pg_sequences
        WHERE schemaname = 'public' AND last_value IS NOT NULL;
END $$
"""


class Database(Protocol):
    """One database that tests use in turn."""

    url: str

    def keep(self) -> None:
        """Remember the state that the migrations left: where every test starts."""

    def renew(self) -> None:
        """Go back to that state; nobody may be connected."""


class SqliteDatabase:
    """A file, copied anew for every test."""

    def __init__(self, folder: Path) -> None:
        self.template = folder / "template.db"
        self.path = folder / "kring.db"
        self.url = f"sqlite:///{self.path}"

    def keep(self) -> None:
        shutil.copyfile(self.path, self.template)

    def renew(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(self.template, self.path)


class PostgresDatabase:
    """A database of our own on a server for tests, emptied for every test."""

    def __init__(self, server: str, name: str) -> None:
        # One connection for all tests: each new one would first look up all tables.
        self.connection = psycopg.connect(make_conninfo(server, dbname=name), autocommit=True)
        self.url = str(
            make_url(server)
            .set(drivername="postgresql+psycopg", database=name)
            .render_as_string(hide_password=False)
        )

    def keep(self) -> None:
        """Migrations leave no rows, so there is nothing to remember."""

    def renew(self) -> None:
        self.connection.execute(EMPTY)


def let_go(application: Kring) -> None:
    """Write what an application still gathers, and close its connections."""
    for batch in application.extensions.values():
        if isinstance(batch, Batch):
            batch.close()
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


@contextmanager
def database() -> Iterator[Database]:
    """Make the database that KRING_TEST_DATABASE asks for; take it away at the end."""
    if KIND == "sqlite":
        with tempfile.TemporaryDirectory(prefix="kring-test-", dir=in_memory()) as folder:
            yield SqliteDatabase(Path(folder))
        return
    server = postgres.named_server()
    if server is None:
        raise RuntimeError("No PostgreSQL for the tests: run `make test`, which starts one.")
    name = f"kring_test_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'".encode())
        # A server of the machine's own waits for its disk at each commit, unless it is told.
        connection.execute(f"ALTER DATABASE {name} SET synchronous_commit = off".encode())
        try:
            made = PostgresDatabase(server, name)
            with made.connection:
                yield made
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
