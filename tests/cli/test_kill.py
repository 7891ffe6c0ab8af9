"""kill -9 of the whole server while members write: what was acknowledged is there, whole."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlencode

from sqlalchemy import func, select, text

from app.config import ROOT
from app.extensions import Kring, db
from app.models import Comment, Content, Follow, User
from tests.cast import Cast, discussion
from tests.checking import CheckingClient
from tests.cli.test_serve import ask, free_port

ClientOf = Callable[[User | None], CheckingClient]
ROUNDS = 4
WRITERS = ("member", "blogger", "ambassador", "insider")
EACH_ROUND = 25  # replies that were acknowledged before the blow falls
PATIENCE = 60.0


@dataclass
class Writer:
    """A member whose browser posts replies as fast as it can, and remembers what was taken."""

    name: str
    cookie: str
    token: str
    acknowledged: list[str] = field(default_factory=list)
    sent: int = 0

    def write(self, port: int, path: str, stop: Event) -> None:
        while not stop.is_set():
            self.sent += 1
            body = f"{self.name} {self.sent}"
            try:
                if self.post(port, path, body) == 303:
                    self.acknowledged.append(body)
            except (OSError, HTTPException):
                return

    def post(self, port: int, path: str, body: str) -> int:
        with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
            fields = urlencode({"csrf_token": self.token, "body": body})
            kind = "application/x-www-form-urlencoded"
            headers = {"Cookie": self.cookie, "Content-Type": kind}
            connection.request("POST", path, fields, headers)
            return connection.getresponse().status


@contextmanager
def server(port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start Kring with two processes in a group of its own; kill the group at the end."""
    command = [
        sys.executable,
        "-m",
        "flask",
        "--app",
        "wsgi",
        "serve",
        "--port",
        str(port),
        "--workers",
        "2",
    ]
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=output, stderr=output, start_new_session=True
        )
    try:
        deadline = time.monotonic() + PATIENCE
        while not answers(port):
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def answers(port: int) -> bool:
    try:
        return ask(port, "/health") == 200
    except OSError:
        return False


def test_what_was_acknowledged_is_kept(
    app: Kring, cast: Cast, client_of: ClientOf, tmp_path: Path
) -> None:
    asked = discussion(cast.other)
    path, content_id = f"/content/{asked.id}/comments", asked.id
    name = app.config["SESSION_COOKIE_NAME"]
    writers = []
    for actor in WRITERS:
        client = client_of(getattr(cast, actor))
        token, cookie = client.csrf_token(), client.get_cookie(name)
        assert cookie is not None
        writers.append(Writer(actor, f"{name}={cookie.value}", token))
    db.session.commit()
    db.engine.dispose()
    for number in range(ROUNDS):
        port = free_port()
        with server(port, tmp_path / "log"):
            stop = Event()
            threads = [Thread(target=w.write, args=(port, path, stop)) for w in writers]
            for thread in threads:
                thread.start()
            busy(writers, number)
        stop.set()
        for thread in threads:
            thread.join(PATIENCE)
        check(content_id, writers)
    assert taken(writers) >= EACH_ROUND * ROUNDS
    with server(port := free_port(), tmp_path / "log"):
        assert writers[0].post(port, path, "na afloop") == 303


def busy(writers: list[Writer], number: int) -> None:
    """Wait until work is going on well, and each round for another moment in it."""
    start = taken(writers)
    deadline = time.monotonic() + PATIENCE
    while taken(writers) < start + EACH_ROUND:
        assert time.monotonic() < deadline, "the server takes hardly anything"
        time.sleep(0.01)
    time.sleep(number * 0.037)


def taken(writers: list[Writer]) -> int:
    return sum(len(writer.acknowledged) for writer in writers)


def check(content_id: int, writers: list[Writer]) -> None:
    """Assert that nothing is lost and nothing is half done."""
    db.session.rollback()
    bodies = list(db.session.scalars(select(Comment.body).order_by(Comment.position)))
    lost = {body for writer in writers for body in writer.acknowledged} - set(bodies)
    assert not lost, f"acknowledged, and gone: {sorted(lost)}"
    assert len(bodies) == len(set(bodies))
    positions = list(db.session.scalars(select(Comment.position).order_by(Comment.position)))
    assert positions == list(range(1, len(bodies) + 1))
    found = db.session.scalars(select(Content).where(Content.id == content_id)).one()
    db.session.refresh(found)
    assert found.comment_count == found.other_comment_count == found.last_position == len(bodies)
    assert (
        db.session.scalar(select(func.count()).select_from(Comment).where(Comment.body_html == ""))
        == 0
    )
    assert (db.session.scalar(select(func.count()).select_from(Follow)) or 0) <= len(writers)
    if db.engine.dialect.name == "sqlite":
        assert db.session.scalar(text("PRAGMA integrity_check")) == "ok"
    db.session.rollback()
