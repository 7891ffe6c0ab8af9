"""`flask serve` as a person or systemd starts it: a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from contextvars import Context
from http.client import HTTPConnection
from pathlib import Path

import pytest
from flask import template_rendered
from jinja2 import Template
from sqlalchemy import select, text
from werkzeug.routing import Map, Rule

from app.cli import serve
from app.cli.server import Server, token_mask
from app.config import ROOT
from app.extensions import Kring, db
from app.models import ContentView, User
from app.services import views
from tests import mail_peer
from tests.cast import discussion, make_cast

COMMAND = [sys.executable, "-m", "flask", "--app", "wsgi", "serve", "--workers", "1"]
PATIENCE = 60  # seconds
free_port = mail_peer.free_port


def refuse(*arguments: str) -> str:
    """Start a server that must not start; return the line in which it says why."""
    done = subprocess.run(
        [*COMMAND, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    [line] = done.stderr.strip().splitlines()
    return line


def ask(port: int, path: str) -> int:
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        connection.request("GET", path)
        return connection.getresponse().status


@contextmanager
def served(port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start a server that answers, and kill it when the test has not ended it."""
    with log.open("wb") as output:
        process = subprocess.Popen([*COMMAND, "--port", str(port)], cwd=ROOT, stdout=output)
    try:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                ask(port, "/health")
                break
            except ConnectionRefusedError:
                time.sleep(0.1)
        yield process
    finally:
        process.kill()
        process.wait()


def children(pid: int, *, without: int = 0, count: int = 2) -> set[int]:
    """Return the processes that a server has, for requests and one for jobs, once there."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, check=False
        )
        found = {int(word) for word in listed.stdout.split()} - {without}
        if len(found) == count:
            return found
        time.sleep(0.1)
    raise AssertionError("a process is missing")


def jobs_worker(pid: int) -> int:
    """Return the process for jobs of a server, by the name that `ps` shows."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for child in children(pid):
            if Path(f"/proc/{child}/comm").read_text().strip() == "kring-jobs":
                return child
        time.sleep(0.1)
    raise AssertionError("no process for jobs")


def wait_until_gone(pids: set[int]) -> None:
    deadline = time.monotonic() + PATIENCE
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        assert time.monotonic() < deadline, "a process outlived its server"
        time.sleep(0.1)


@pytest.mark.usefixtures("app")
def test_serves_and_stops_when_asked(tmp_path: Path) -> None:
    port = free_port()
    with served(port, tmp_path / "log") as process:
        assert ask(port, "/health?token=geheim") == 200
        own = children(process.pid)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    wait_until_gone(own)
    log = (tmp_path / "log").read_text()
    assert '"GET /health" 200' in log
    assert "geheim" not in log


@pytest.mark.usefixtures("app")
def test_nothing_outlives_a_killed_server(tmp_path: Path) -> None:
    port = free_port()
    with served(port, tmp_path / "log") as process:
        own = children(process.pid)
        process.kill()
        process.wait()
        wait_until_gone(own)


@pytest.mark.usefixtures("app")
def test_a_jobs_worker_that_ended_is_started_again(tmp_path: Path) -> None:
    port = free_port()
    with served(port, tmp_path / "log") as process:
        worker = jobs_worker(process.pid)
        os.kill(worker, signal.SIGKILL)
        assert worker not in children(process.pid, without=worker)


@pytest.mark.usefixtures("app")
def test_a_port_in_use_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"{port} is al in gebruik" in refuse("--port", str(port))


def test_a_newer_database_is_refused(app: Kring) -> None:
    with app.app_context():
        with db.engine.begin() as connection:
            kept = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
            connection.execute(text("UPDATE alembic_version SET version_num = 'from_later'"))
        try:
            assert "nieuwer dan deze code" in refuse("--port", str(free_port()))
            assert "nieuwer dan deze code" in refuse("--port", str(free_port()), "--example")
        finally:
            with db.engine.begin() as connection:
                restore = text("UPDATE alembic_version SET version_num = :kept")
                connection.execute(restore, {"kept": kept})


@pytest.mark.usefixtures("app")
def test_an_empty_database_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KRING_DATABASE_URL", f"sqlite:///{tmp_path}/new.db")
    assert "flask db upgrade" in refuse("--port", str(free_port()))


@pytest.mark.usefixtures("app")
def test_a_database_out_of_reach_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KRING_DATABASE_URL", f"postgresql://127.0.0.1:{free_port()}/kring")
    assert "Connection refused" in refuse("--port", str(free_port()))


def test_a_folder_that_cannot_be_made_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("KRING_INSTANCE", str(tmp_path / "file" / "instance"))
    assert str(tmp_path / "file") in refuse()


def test_a_folder_that_cannot_be_written_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """/proc/self refuses new files, even from root."""
    monkeypatch.setenv("KRING_INSTANCE", "/proc/self")
    assert "Kring cannot start" in refuse()


def test_a_server_loads_no_other_command() -> None:
    """Alembic alone takes a tenth of a start, and ten megabytes."""
    loaded = "import sys, wsgi; sys.exit(bool({'alembic', 'app.cli.demo'} & set(sys.modules)))"
    subprocess.run([sys.executable, "-c", loaded], cwd=ROOT, check=True)


def test_the_log_names_no_token() -> None:
    rules = [
        Rule("/invitations/<token>"),
        Rule("/feeds/<token>/new.atom"),
        Rule("/wikis/<int:key>"),
    ]
    mask = token_mask(Map(rules))
    assert mask("/invitations/geheim") == "/invitations/…"
    assert mask("/feeds/geheim/new.atom") == "/feeds/…"
    assert mask("/wikis/12") == "/wikis/12"
    assert token_mask(Map())("/wikis/12") == "/wikis/12"


def test_no_thread_of_ours_is_at_work_when_the_processes_split_off(
    app: Kring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that is split off while a thread holds SQLite's lock would never get that lock."""
    before = set(threading.enumerate())
    at_work: list[set[threading.Thread]] = []
    monkeypatch.setattr(Server, "run", lambda _self: at_work.append(set(threading.enumerate())))
    app.extensions[views.EXTENSION].add((0, 0, "2026-11-21"))
    [batch] = set(threading.enumerate()) - before
    with socket.create_server(("127.0.0.1", 0)) as listener:
        monkeypatch.setattr(serve, "listen", lambda _port: listener)
        done = app.test_cli_runner().invoke(args=["serve"])
    assert done.exit_code == 0, done.output
    assert at_work and batch not in at_work[0]


@pytest.mark.sqlite
def test_what_waits_is_written_before_the_processes_split_off(
    app: Kring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is read before that leaves this thread with SQLite's lock: it is let go first."""
    with app.app_context():
        cast = make_cast()
        seen = (discussion(cast.member).id, cast.other.id, "2026-11-21")
    app.extensions[views.EXTENSION].add(seen)
    monkeypatch.setattr(serve, "check_schema", lambda: db.session.scalars(select(User)))
    monkeypatch.setattr(Server, "run", lambda _self: None)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        monkeypatch.setattr(serve, "listen", lambda _port: listener)
        done = app.test_cli_runner().invoke(args=["serve"])
    assert done.exit_code == 0, done.output
    with app.app_context():
        kept = select(ContentView.content_id, ContentView.user_id, ContentView.day)
        assert [tuple(row) for row in db.session.execute(kept)] == [seen]


def warmed(app: Kring) -> tuple[list[str], dict[str, object]]:
    """Warm up, and return which templates were rendered and what the first member's row holds."""
    rendered: list[str] = []

    def note(_sender: object, template: Template, **_more: object) -> None:
        rendered.append(str(template.name))

    with app.app_context(), template_rendered.connected_to(note, app):
        Context().run(serve.warm_up, app)
        found = db.session.execute(select(User.__table__).order_by(User.id).limit(1)).first()
        return rendered, dict(found._mapping) if found else {}


def test_first_pages_are_made_before_processes_split_off(app: Kring) -> None:
    assert "home/index.html" not in warmed(app)[0]  # nobody is there yet
    with app.app_context():
        make_cast()
    before = warmed(app)[1]
    rendered, after = warmed(app)
    assert {"account/sign_in.html", "home/index.html"} <= set(rendered)
    assert before == after


def test_a_home_page_that_fails_does_not_keep_a_server_from_starting(
    app: Kring, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        make_cast()
    monkeypatch.setitem(app.view_functions, "home.index", lambda: 1 / 0)
    assert "account/sign_in.html" in warmed(app)[0]
