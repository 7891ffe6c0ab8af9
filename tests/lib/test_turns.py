"""Writers to one SQLite file, in threads and in another process."""

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.lib import turns

ROOT = Path(__file__).parents[2]
OTHER_PROCESS = """
import sys
from pathlib import Path
from tests.lib.test_turns import writers
writers(Path(sys.argv[1]), 4)
"""


def connected(path: Path, row: threading.Lock, patience: float = 30) -> turns.Connection:
    return turns.Connection(
        str(path), row=row, patience=patience, isolation_level=None, check_same_thread=False
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "turns.db"
    made = sqlite3.connect(path)
    made.executescript("PRAGMA journal_mode=WAL; CREATE TABLE written (number INTEGER)")
    made.close()
    return path


def count(path: Path) -> int:
    reader = sqlite3.connect(path)
    number: int = reader.execute("SELECT count(*) FROM written").fetchone()[0]
    reader.close()
    return number


def writers(path: Path, number: int, times: int = 25) -> None:
    """Let threads write, each what follows on what it reads; raise what one of them raises."""
    row, errors = threading.Lock(), []

    def work() -> None:
        connection = connected(path, row)
        try:
            for _ in range(times):
                connection.begin_to_write()
                found = connection.execute("SELECT count(*) FROM written").fetchone()[0]
                connection.execute("INSERT INTO written VALUES (?)", (found + 1,))
                connection.commit()
        except sqlite3.Error as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(number)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    if errors:
        raise errors[0]


def test_threads_of_two_processes_write_without_an_error(path: Path) -> None:
    command = [sys.executable, "-c", OTHER_PROCESS, str(path)]
    with subprocess.Popen(command, cwd=ROOT) as other:
        writers(path, 4)
    assert other.returncode == 0
    reader = sqlite3.connect(path)
    numbers = [number for (number,) in reader.execute("SELECT number FROM written ORDER BY rowid")]
    reader.close()
    assert numbers == list(range(1, 201)), (
        "nobody wrote between the reading and the writing of another"
    )


@pytest.mark.parametrize("shared", [True, False])
def test_who_waits_too_long_hears_so_and_can_try_again(path: Path, shared: bool) -> None:
    row = threading.Lock()
    holder = connected(path, row)
    waiter = connected(path, row if shared else threading.Lock(), patience=0.05)
    holder.begin_to_write()
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        waiter.begin_to_write()
    holder.rollback()
    waiter.begin_to_write()
    waiter.execute("INSERT INTO written VALUES (1)")
    waiter.commit()
    assert count(path) == 1
    assert waiter.execute("PRAGMA busy_timeout").fetchone()[0] == 50
    holder.close()
    waiter.close()


@pytest.mark.parametrize("end", ["commit", "rollback", "close"])
def test_the_next_one_writes_however_a_transaction_ends(path: Path, end: str) -> None:
    row = threading.Lock()
    first, second = connected(path, row), connected(path, row, patience=0.05)
    first.begin_to_write()
    getattr(first, end)()
    second.begin_to_write()
    second.rollback()
    second.close()
    first.close()


def test_what_is_not_a_matter_of_waiting_is_told_at_once(path: Path) -> None:
    row = threading.Lock()
    connection = connected(path, row)
    connection.begin_to_write()
    with pytest.raises(sqlite3.OperationalError, match="within a transaction"):
        connection.begins()
    connection.close()
    assert row.acquire(blocking=False)
