"""Real peers for what several machines share: an S3 store and Redis, each a process of its own."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as Unreachable
from redis.retry import Retry

from app.config import ROOT
from tests.mail_peer import free_port

PATIENCE = 180  # seconds: only a test that fails takes as long
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]
SERVE = ["serve", "--workers", "1", "--port"]
KEYS = "access_key_id=kring&secret_access_key=zeer-geheim&region=eu-west-1"


def wait_for(answers: Callable[[], object], *refusals: type[Exception]) -> None:
    """Wait until a peer answers."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            answers()
        except refusals:
            assert time.monotonic() < deadline, "a peer does not start"
            time.sleep(0.05)
        else:
            return


@contextmanager
def running(*command: object) -> Iterator[None]:
    """Run a program, and end it."""
    process = subprocess.Popen(
        list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """Return the address of an S3 store."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with running(sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", port):
        wait_for(lambda: urlopen(f"{address}/moto-api/").close(), OSError)  # noqa: S310
        yield address


def put(address: str, content: bytes | None = None) -> None:
    """Send something to the store as its owner does."""
    kind = {"Content-Type": "application/json"}
    urlopen(Request(address, content, kind, method="PUT")).close()  # noqa: S310  # our own address


@pytest.fixture
def bucket(s3: str) -> tuple[str, str]:
    """Return the address of a new bucket, and the same as KRING_FILES_URL has it."""
    name = f"kring-{uuid4()}"
    put(f"{s3}/{name}")
    return f"{s3}/{name}", f"s3://{name}/intranet/files?endpoint={s3}&{KEYS}"


@contextmanager
def redis_at(socket: Path) -> Iterator[str]:
    """Run a Redis that listens on a socket in a folder only; give its address."""
    folder = socket.parent
    silent = ("--save", "", "--appendonly", "no", "--dir", folder)
    with running("redis-server", "--port", 0, "--unixsocket", socket, *silent):
        client = Redis(unix_socket_path=str(socket), retry=Retry(NoBackoff(), 0))
        wait_for(client.ping, Unreachable)
        client.close()
        yield f"unix://{socket}"


@pytest.fixture
def socket() -> Iterator[Path]:
    """Return where a Redis can listen: a short path, as sockets need."""
    folder = Path(tempfile.mkdtemp(prefix="kring-redis-"))
    yield folder / "redis.sock"
    shutil.rmtree(folder)


@pytest.fixture
def redis(socket: Path) -> Iterator[str]:
    """Return the address of a Redis."""
    with redis_at(socket) as url:
        yield url


@contextmanager
def machine(folder: Path, log: Path, *command: str) -> Iterator[None]:
    """Run a command of Kring with an instance folder of its own, and stop it as systemd does."""
    environment = os.environ | {"KRING_INSTANCE": str(folder), "KRING_SECRET_KEY": "van-allen"}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*FLASK, *command], cwd=ROOT, env=environment, stdout=output, stderr=output
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)


def reach(port: int) -> None:
    """Have an answer of a server: one that is loading the example listens already."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        connection.request("GET", "/health")
        connection.getresponse()
