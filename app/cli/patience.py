"""How a process of the server divides its attention: many wait, a few work at a time.

A thread that waits for a client costs hardly anything, so there are many of them, and a client gets
limited time for each step. Python works on one request at a time, so only a few have their turn: with
more, all of them slow each other down, and each holds a connection to the database.
"""

import errno
import faulthandler
import io
import os
import socket
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock, get_ident
from typing import Any, BinaryIO

from gunicorn.util import close_graceful
from gunicorn.workers.gthread import TConn, ThreadWorker

from app.extensions import SAFE_METHODS

App = Callable[..., Iterable[bytes]]
THREADS = 64  # clients that a process waits for at once; threads are started as they are needed
TURNS = 2  # requests that read, of those that a process works on at once
FILES = "multipart/"  # how a form with files comes
PIECE = 64 * 1024  # bytes that a client has CLIENT_PATIENCE for, to send them or to take them
COURTESY, MOST_COURTESY = 0.0001, 0.001  # seconds: for each client that a process has; in all
SWITCH = 0.0001  # seconds until Python turns to another thread, which may hold the database
# In seconds: for a head or a piece; for our work on a request; for taking all of an answer.
CLIENT_PATIENCE = 20.0
WORK_PATIENCE = 60.0
ANSWER_PATIENCE = 900.0


@dataclass
class Step:
    """What a thread is doing, since when, and how long it may."""

    client: socket.socket
    patience: float
    working: bool = False
    since: float = field(default_factory=time.monotonic)

    def begin(self, patience: float, *, working: bool = False) -> None:
        self.patience, self.working, self.since = patience, working, time.monotonic()

    def takes_too_long(self) -> bool:
        return time.monotonic() - self.since > self.patience


class PatientWorker(ThreadWorker):
    """gunicorn's process with threads, in which neither a slow client nor a hung request blocks others."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.steps: dict[int, Step] = {}
        self.hangs = False

    def load_wsgi(self) -> None:
        super().load_wsgi()
        app: Any = self.wsgi
        self.wsgi: App = InTurn(app, self.steps, app.config["SQLALCHEMY_DATABASE_URI"])

    def accept(self, listener: Any) -> None:
        """Take a new client, a moment later for each that is here already.

        Of the processes that wait at one door, the one that wakes first would take all who come at
        once, and keep them while the others have nothing to do.
        """
        if self.cfg.workers > 1:
            time.sleep(min(self.nr_conns * COURTESY, MOST_COURTESY))
        super().accept(listener)

    def handle(self, conn: TConn) -> Any:
        """Answer a request in this thread, and close the connection here when it is done with."""
        self.steps[get_ident()] = Step(conn.sock, CLIENT_PATIENCE)
        try:
            go_on = super().handle(conn)
            if go_on is False:
                # gunicorn would wait for the client's last word in the loop that serves all others.
                close_graceful(conn.sock)
                conn.close = close_nothing
            return go_on
        finally:
            del self.steps[get_ident()]

    def notify(self) -> None:
        """Cut off who is too slow, and stop when our own work hangs; called once a second."""
        super().notify()
        for step in list(self.steps.values()):
            if step.takes_too_long():
                with suppress(OSError):
                    step.client.shutdown(socket.SHUT_RDWR)
                if step.working and not self.hangs:
                    self.retire()

    def retire(self) -> None:
        """Take no new requests, finish the others, and tell where the work hangs."""
        self.hangs, self.alive = True, False
        self.log.error("A request hangs; this process is replaced.")
        faulthandler.dump_traceback()

    def run(self) -> None:
        sys.setswitchinterval(SWITCH)
        super().run()
        if self.hangs:
            os._exit(1)  # Python would wait for the thread that hangs


def close_nothing(*, graceful: bool = False) -> None:
    """Stand in for the closing of a connection that is closed already."""


class InTurn:
    """A WSGI application that works on few requests at once, of those that read, write and bring files.

    Those that write wait for each other at the database. Where that is one file there is one at a time:
    a second would only take Python from the first, which holds the lock. Nobody who reads waits for them,
    and nobody who writes for a picture that is made smaller.
    """

    def __init__(self, app: App, steps: dict[int, Step], database: str) -> None:
        self.app = app
        self.steps = steps
        writers = 1 if database.startswith("sqlite") else TURNS
        self.readers, self.writers, self.bringers = Turns(TURNS), Turns(writers), Turns(1)

    def turns_for(self, environ: Mapping[str, Any]) -> "Turns":
        """Return the row in which a request waits."""
        if environ["REQUEST_METHOD"] in SAFE_METHODS:
            return self.readers
        with_files = environ.get("CONTENT_TYPE", "").startswith(FILES)
        return self.bringers if with_files else self.writers

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        step = self.steps[get_ident()]
        turns = self.turns_for(environ)
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if length or "HTTP_TRANSFER_ENCODING" in environ:
            body = Body(environ["wsgi.input"], length, step)
            environ["wsgi.input"] = whole = io.BufferedReader(body, PIECE)
            whole.peek()  # an ordinary form is there before it takes a turn
            body.turns = turns
        step.begin(ANSWER_PATIENCE)
        with turns:
            step.begin(WORK_PATIENCE, working=True)
            answer = self.app(environ, start_response)
        return in_pieces(answer, step)


def in_pieces(answer: Iterable[bytes], step: Step) -> Iterator[bytes]:
    """Yield an answer as the client takes it, who has limited time for each piece and for all."""
    until = time.monotonic() + ANSWER_PATIENCE
    try:
        step.begin(WORK_PATIENCE)  # a store of files may take longer than a client may
        for part in answer:
            for start in range(0, len(part), PIECE):
                step.begin(min(CLIENT_PATIENCE, until - time.monotonic()))
                yield part[start : start + PIECE]
            step.begin(WORK_PATIENCE)
    finally:
        if close := getattr(answer, "close", None):
            close()


class Turns:
    """So many at once; who came first is next, where a semaphore lets newcomers push in."""

    def __init__(self, number: int) -> None:
        self.free = number
        self.waiting: deque[Lock] = deque()
        self.lock = Lock()

    def acquire(self) -> None:
        with self.lock:
            if self.free:
                self.free -= 1
                return
            mine = Lock()
            mine.acquire()
            self.waiting.append(mine)
        mine.acquire()

    def release(self) -> None:
        with self.lock:
            if self.waiting:
                self.waiting.popleft().release()
            else:
                self.free += 1

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, *_error: object) -> None:
        self.release()


class Body(io.RawIOBase):
    """What a client sends; while we wait for it somebody else has the turn.

    Reading raises OSError when the client stops half-way: half a text is not what was meant.
    """

    def __init__(self, stream: BinaryIO, length: int, step: Step) -> None:
        """Take the number of bytes that the client announced, 0 when it did not."""
        self.stream = stream
        self.missing = length
        self.ends = length > 0
        self.step = step
        self.turns: Turns | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self.ends and not self.missing:
            return 0  # nobody has to be waited for
        if self.turns:
            self.turns.release()
        try:
            self.step.begin(CLIENT_PATIENCE)
            piece = self.stream.read(min(len(buffer), PIECE))
        finally:
            if self.turns:
                self.turns.acquire()
                self.step.begin(WORK_PATIENCE, working=True)
        if not piece and self.missing > 0:
            raise ConnectionResetError(errno.ECONNRESET, "the client stopped half-way")
        self.missing -= len(piece)
        buffer[: len(piece)] = piece
        return len(piece)
