import logging
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from threading import enumerate as enumerate_threads

import pytest

from app.lib.batches import Batch


class Book:
    """Writes down what is flushed, and fails when asked to."""

    def __init__(self) -> None:
        self.written: list[list[int]] = []
        self.fails = False
        self.heard = Event()

    def write(self, items: list[int]) -> None:
        if self.fails:
            raise OSError("database is locked")
        self.written.append(items)
        self.heard.set()


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture
def batch(book: Book) -> Iterator[Batch[int]]:
    batch = Batch(book.write, seconds=3_600, most=5)
    yield batch
    book.fails = False
    batch.close()


def test_all_that_was_added_is_handed_over_once(batch: Batch[int], book: Book) -> None:
    for n in range(3):
        batch.add(n)
    assert batch.flush_now()
    assert batch.flush_now()
    assert book.written == [[0, 1, 2]]


def test_it_flushes_by_itself(book: Book) -> None:
    batch = Batch(book.write, seconds=0.01)
    batch.add(1)
    assert book.heard.wait(5)
    book.heard.clear()
    batch.add(2)
    assert book.heard.wait(5)
    batch.close()
    assert book.written == [[1], [2]]


def test_no_thread_before_the_first_item(book: Book) -> None:
    def threads() -> set[Thread]:
        return {thread for thread in enumerate_threads() if thread.name == "batch"}

    others = threads()
    batch = Batch(book.write, seconds=3_600, most=5)
    assert not threads() - others
    batch.add(1)
    [started] = threads() - others
    batch.close()
    assert started not in threads()


def test_a_failure_keeps_items_in_order(
    batch: Batch[int], book: Book, caplog: pytest.LogCaptureFixture
) -> None:
    book.fails = True
    batch.add(1)
    with caplog.at_level(logging.ERROR):
        assert not batch.flush_now()
    assert "1 items wait" in caplog.text
    book.fails = False
    batch.add(2)
    assert batch.flush_now()
    assert book.written == [[1, 2]]


def test_only_the_newest_wait_when_failures_go_on(batch: Batch[int], book: Book) -> None:
    book.fails = True
    for n in range(4):
        batch.add(n)
    batch.flush_now()
    for n in range(4, 7):
        batch.add(n)
    book.fails = False
    batch.flush_now()
    assert book.written == [[2, 3, 4, 5, 6]]


def test_the_thread_lives_through_a_failure(book: Book) -> None:
    batch = Batch(book.write, seconds=0.01)
    book.fails = True
    batch.add(1)
    Event().wait(0.05)
    book.fails = False
    assert book.heard.wait(5)
    batch.close()
    assert book.written == [[1]]


def test_adding_does_not_wait_for_a_slow_flush() -> None:
    started, go_on = Event(), Event()

    def slow(items: list[int]) -> None:
        started.set()
        assert go_on.wait(5)

    batch = Batch(slow, seconds=3_600)
    batch.add(1)
    flushing = Thread(target=batch.flush_now)
    flushing.start()
    assert started.wait(5)
    batch.add(2)
    go_on.set()
    flushing.join()
    assert list(batch._items) == [2]
    batch.close()


def test_items_of_many_threads_are_all_kept(book: Book) -> None:
    batch = Batch(book.write, seconds=0.001)

    def add_all(numbers: range) -> None:
        for n in numbers:
            batch.add(n)

    threads = [
        Thread(target=add_all, args=[range(start, start + 500)]) for start in range(0, 4_000, 500)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    batch.close()
    assert sorted(n for items in book.written for n in items) == list(range(4_000))


def _in_child(batch: Batch[int], book: Book) -> None:
    batch.add(2)
    works = batch._thread is not None and batch._thread.is_alive()
    batch.flush_now()
    os._exit(0 if works and book.written == [[2]] else 1)


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_forked_process_writes_its_own_items_only(batch: Batch[int], book: Book) -> None:
    batch.add(1)
    with batch._lock, batch._flushing:
        child = multiprocessing.get_context("fork").Process(target=_in_child, args=(batch, book))
        child.start()
        child.join(10)
    assert child.exitcode == 0
    batch.flush_now()
    assert book.written == [[1]]


def test_what_waits_is_written_when_the_process_ends(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib\n"
        "from app.lib.batches import Batch\n"
        "batch = Batch(lambda items: pathlib.Path(sys.argv[1]).write_text(str(items)))\n"
        "batch.add(7)\n"
    )
    subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "out")],
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert (tmp_path / "out").read_text() == "[7]"
