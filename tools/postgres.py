"""Find a PostgreSQL in which tests are superuser (they empty tables at once), or start one."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

CANDIDATES = (
    "postgresql:///postgres",
    "postgresql://postgres@127.0.0.1:5432/postgres",
)
UNSAFE_BUT_FAST = (
    "-c listen_addresses= -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
)


def named_server() -> str | None:
    """Return the address in KRING_TEST_POSTGRES_URL, or of a local server that welcomes us."""
    if url := os.environ.get("KRING_TEST_POSTGRES_URL"):
        return url
    return next((url for url in CANDIDATES if is_superuser(url)), None)


def is_superuser(url: str) -> bool:
    query = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
    try:
        with psycopg.connect(url, connect_timeout=3) as connection:
            row = connection.execute(query).fetchone()
            return bool(row and row[0])
    except psycopg.OperationalError:
        return False


@contextmanager
def server() -> Iterator[str | None]:
    """Give the address of a server for the tests, or None where there is nothing to start."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if url := named_server():
        yield url
    elif programs:
        with private_server(programs[0]) as url:
            yield url
    else:
        yield None


@contextmanager
def private_server(programs: Path) -> Iterator[str]:
    """Start a server that listens on a socket in a temporary folder only; remove it at the end."""
    folder = Path(tempfile.mkdtemp(prefix="kring-postgres-"))
    data = folder / "data"
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    try:
        run(programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8")
        options = f"-k {folder} {UNSAFE_BUT_FAST}"
        run(programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
        try:
            yield f"postgresql://postgres@/postgres?host={folder}"
        finally:
            run(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(*command: object) -> None:
    """Run a program of PostgreSQL quietly; as user postgres, because they refuse root.

    Raises subprocess.CalledProcessError when it fails.
    """
    prefix = []
    if os.geteuid() == 0:
        prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
    subprocess.run(
        [*prefix, *map(str, command)],
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=True,
    )
