"""Who is slow, and what hangs, keeps nobody else waiting: real clients at a real server."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from gunicorn.config import Config

from app.cli import patience
from app.config import ROOT
from tests.cli.test_serve import PATIENCE, ask, free_port
from tests.databases import Database

# A server of one process with hardly any threads and patience, and with addresses for these tests.
STARTER = """
import io, socket, sys, threading
from flask import Response, request, send_file
from app.access import public
from app.cli import patience, server
from wsgi import app

patience.CLIENT_PATIENCE, patience.WORK_PATIENCE = 2, 10  # a busy machine may need seconds
server.THREADS = 8

@public
def hang():
    threading.Event().wait()

@public
def large():
    return Response(bytes(int(sys.argv[3])), mimetype="application/octet-stream")

@public
def file():
    return send_file(sys.argv[2])

@public
def fails():
    return Response(1 / 0 for _part in "a")

@public
def echo():
    return Response(str(len(request.get_data())), mimetype="text/plain")

for view in (large, file, fails):
    app.add_url_rule(f"/-{view.__name__}", view_func=view)
app.add_url_rule("/-hang", view_func=hang, methods=["GET", "POST"])
app.add_url_rule("/-echo", view_func=echo, methods=["POST"])
app.config["WTF_CSRF_ENABLED"] = False
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=512)
server.Server(app, listener.fileno(), 1).run()
"""
pytestmark = pytest.mark.sqlite  # once is enough: no database takes part
MORE_THAN_THREADS = 12
LARGE = 30_000_000
HEAD = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
HANG = b"%b /-hang HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n"
POST = b"POST /-echo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n\r\n"


@contextmanager
def served(folder: Path, database: str) -> Iterator[int]:
    """Start such a server, with its log in `folder`; return its port."""
    port, log = free_port(), folder / "log"
    environment = {
        **os.environ,
        "KRING_INSTANCE": str(folder),
        "KRING_DATABASE_URL": database,
    }
    (folder / "file").write_bytes(bytes(LARGE))
    command = [sys.executable, "-c", STARTER, str(port), str(folder / "file"), str(LARGE)]
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output, env=environment)
    try:
        deadline = time.monotonic() + 3 * PATIENCE
        while True:
            try:
                assert ask(port, "/health") == 200
                break
            except ConnectionRefusedError:
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.1)
        yield port
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def port(migrated: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    migrated.renew()
    with served(tmp_path_factory.mktemp("patience"), migrated.url) as port:
        yield port


def slow_clients(stack: ExitStack, port: int, beginning: bytes) -> list[socket.socket]:
    """Open more connections than there are threads, that begin something and then stop."""
    clients = []
    for _number in range(MORE_THAN_THREADS):
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(PATIENCE)
        client.connect(("127.0.0.1", port))
        client.sendall(beginning)
        clients.append(stack.enter_context(closing(client)))
    return clients


def test_clients_that_say_nothing_keep_nobody_waiting(port: int) -> None:
    with ExitStack() as stack:
        slow_clients(stack, port, b"")
        assert ask(port, "/health") == 200


def test_slow_heads_keep_nobody_waiting(port: int) -> None:
    with ExitStack() as stack:
        clients = slow_clients(stack, port, HEAD)
        assert ask(port, "/health") == 200
        assert clients[0].recv(100) == b"", "who is too slow is cut off"


def test_slow_bodies_keep_nobody_waiting(port: int) -> None:
    with ExitStack() as stack:
        slow_clients(stack, port, POST % 100 + b"a")
        assert ask(port, "/health") == 200


def test_large_bodies_that_stop_take_no_turn(port: int) -> None:
    """All of these wait in the middle of a body, with a view that began: more than there are turns."""
    half = b"a" * patience.PIECE
    with ExitStack() as stack:
        for _number in range(patience.TURNS + 1):
            client = stack.enter_context(closing(socket.create_connection(("127.0.0.1", port))))
            client.sendall(POST % (2 * patience.PIECE) + half)
        with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
            connection.request("POST", "/-echo", b"abc")
            assert connection.getresponse().read() == b"3"


@pytest.mark.parametrize("path", ["/-large", "/-file"])
def test_slow_readers_keep_nobody_waiting(port: int, path: str) -> None:
    question = b"GET %b HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" % path.encode()
    with ExitStack() as stack:
        slow_clients(stack, port, question)
        assert ask(port, "/health") == 200


@pytest.mark.parametrize("path", ["/-large", "/-file"])
def test_a_large_answer_arrives_whole_and_the_connection_stays(port: int, path: str) -> None:
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        for _time in range(2):
            connection.request("GET", path)
            assert connection.getresponse().read() == bytes(LARGE)


def test_all_of_an_answer_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "ANSWER_PATIENCE", 0)
    with closing(socket.socket()) as client:
        step = patience.Step(client, patience.CLIENT_PATIENCE)
        assert next(patience.in_pieces([b"a"], step)) == b"a"
        assert step.takes_too_long()


def test_clients_that_stay_after_the_end_keep_nobody_waiting(port: int) -> None:
    question = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    with ExitStack() as stack:
        slow_clients(stack, port, question)
        assert ask(port, "/health") == 200


@pytest.mark.parametrize("address, writers", [("sqlite:///a", 1), ("postgresql+psycopg://a", 2)])
def test_who_writes_waits_for_no_file_and_no_reader(address: str, writers: int) -> None:
    requests = [
        {"REQUEST_METHOD": "GET"},
        {"REQUEST_METHOD": "POST", "CONTENT_TYPE": "application/x-www-form-urlencoded"},
        {"REQUEST_METHOD": "DELETE"},
        {"REQUEST_METHOD": "POST", "CONTENT_TYPE": "multipart/form-data; boundary=a"},
    ]
    app = patience.InTurn(Flask("a"), {}, address)
    rows = [app.turns_for(request) for request in requests]
    assert rows == [app.readers, app.writers, app.writers, app.bringers]
    assert [row.free for row in rows] == [2, writers, writers, 1]
    assert len(set(map(id, rows))) == 3


def test_who_came_first_is_next() -> None:
    turns, order = patience.Turns(1), []

    def wait(number: int) -> None:
        with turns:
            order.append(number)

    turns.acquire()
    threads = []
    for number in range(5):
        threads.append(Thread(target=wait, args=(number,)))
        threads[-1].start()
        while len(turns.waiting) <= number:
            time.sleep(0.001)
    turns.release()
    for thread in threads:
        thread.join(PATIENCE)
    assert order == [0, 1, 2, 3, 4]
    assert turns.free == 1


def test_the_log_names_no_visitor_and_not_what_was_looked_for(
    migrated: Database, tmp_path: Path
) -> None:
    migrated.renew()
    with served(tmp_path, migrated.url) as port:
        assert ask(port, "/-fails?q=zoekwoord") == 500
        with closing(socket.create_connection(("127.0.0.1", port), PATIENCE)) as client:
            client.sendall(b"GET /-fails?q=zoekwoord HTTP/9.9\r\n\r\n")
            assert client.recv(1000).startswith(b"HTTP/1.1 400 ")
    log = (tmp_path / "log").read_text()
    assert "Error handling request GET /-fails\n" in log and "ZeroDivisionError" in log
    assert "Invalid request: InvalidHTTPVersion\n" in log
    assert "zoekwoord" not in log and "127.0.0.1" not in log


def test_half_a_body_is_refused(port: int) -> None:
    with closing(socket.create_connection(("127.0.0.1", port), PATIENCE)) as client:
        client.sendall(POST % 100 + b"half")
        client.shutdown(socket.SHUT_WR)
        assert client.recv(1000).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("size", [0, 1, patience.PIECE, patience.PIECE + 1, 1_000_000])
def test_a_body_arrives_whole(port: int, size: int) -> None:
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        for _time in range(2):
            connection.request("POST", "/-echo", b"a" * size)
            assert connection.getresponse().read() == str(size).encode()


def test_a_body_in_chunks_arrives_whole(port: int) -> None:
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        connection.request("POST", "/-echo", iter([b"a" * 70_000, b"b" * 7]))
        assert connection.getresponse().read() == b"70007"


def test_a_process_that_hangs_is_replaced(migrated: Database, tmp_path: Path) -> None:
    migrated.renew()
    with served(tmp_path, migrated.url) as port, ExitStack() as stack:
        for method in (b"POST", b"GET"):
            assert ask(port, "/health") == 200, "who reads waits for nobody who writes"
            for _number in range(1 if method == b"POST" else patience.TURNS):
                client = stack.enter_context(closing(socket.create_connection(("127.0.0.1", port))))
                client.sendall(HANG % method)
        with closing(HTTPConnection("127.0.0.1", port, timeout=3 * PATIENCE)) as connection:
            connection.request("GET", "/health")
            try:
                connection.getresponse()
            except OSError:
                assert ask(port, "/health") == 200
        log, until = tmp_path / "log", time.monotonic() + 3 * PATIENCE
        while "in hang" not in log.read_text() and time.monotonic() < until:
            time.sleep(0.1)
        assert "in hang" in log.read_text(), "the log tells where it hung"


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
        b"Transfer-Encoding : chunked\r\n",
        b"Content-Length: +5\r\n",
        b"X: a\r\n b\r\n",
        b"X: a\x00b\r\n",
        b"X_Under: 1\r\nBad Name: 2\r\n",
    ],
)
def test_a_request_that_two_servers_could_read_in_two_ways_is_refused(
    port: int, head: bytes
) -> None:
    with closing(socket.create_connection(("127.0.0.1", port), PATIENCE)) as client:
        client.sendall(b"POST /-echo HTTP/1.1\r\nHost: 127.0.0.1\r\n" + head + b"\r\n0\r\n\r\n")
        answer = client.recv(1000)
    assert not answer or answer.split()[1] in {b"400", b"501"}


def test_who_has_fewer_clients_takes_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """While this process waits for as long as it has clients, another one takes who is at the door."""
    with socket.create_server(("127.0.0.1", 0)) as listener, ExitStack() as stack:
        listener.setblocking(False)
        config = Config()
        config.set("workers", 2)
        worker = patience.PatientWorker(1, os.getpid(), [listener], None, 30, config, None)
        stack.callback(worker.tmp.close)
        waits: list[float] = []

        def while_it_waits(seconds: float) -> None:
            waits.append(seconds)
            stack.enter_context(listener.accept()[0])

        monkeypatch.setattr(time, "sleep", while_it_waits)
        for clients in (1, 3, 1000):
            stack.enter_context(socket.create_connection(listener.getsockname()))
            worker.nr_conns = clients
            worker.accept(listener)
            assert worker.nr_conns == clients, "the other process has taken it"
    assert waits == [patience.COURTESY, 3 * patience.COURTESY, patience.MOST_COURTESY]
