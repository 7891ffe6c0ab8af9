"""The servers of the bench: the product as people start it, the limit, and what they weigh."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from app.config import ROOT
from bench.browsing import Visitor
from bench.failing import BenchError

PATIENCE = 60  # seconds
WORKERS = 2
JOBS = "kring-jobs"
PRODUCT = ("-m", "flask", "--app", "wsgi", "serve")
INSTALLED = ROOT / ".venv" / "installed" / "bin" / "python"
"""Has what `make install` gives a server on one machine; libraries for several take memory."""


@dataclass(frozen=True)
class Server:
    """A server that runs: its port, its first process, and the seconds until its first page."""

    port: int
    pid: int
    seconds: float


@contextmanager
def running(
    arguments: Sequence[str], port: int, environment: Mapping[str, str], first: str = "/login"
) -> Iterator[Server]:
    """Run a server of ours until the block ends; it begins when the path `first` answers."""
    variables = {"PORT": str(port), "WORKERS": str(WORKERS), **environment}
    started = time.monotonic()
    with subprocess.Popen(
        [interpreter(arguments, {**os.environ, **variables}), *arguments], cwd=ROOT, env={**os.environ, **variables},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        try:
            wait_for(process, port, first)
            yield Server(port, process.pid, time.monotonic() - started)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()


def interpreter(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """Return the Python of a server: the product gets no more libraries than it needs."""
    several = any(environment.get(name) for name in ("KRING_DATABASE_URL", "KRING_REDIS_URL"))
    alone = arguments == PRODUCT and not several and INSTALLED.exists()
    return str(INSTALLED) if alone else sys.executable


def wait_for(process: subprocess.Popen[bytes], port: int, path: str) -> None:
    """Wait until a page is there. Raises BenchError when the server ends or says nothing."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError):
            if Visitor(port).ask(path).status == 200:
                return
        time.sleep(0.01)
    raise BenchError(f"no server on port {port}; it said why above, or is too slow")


def memory(pid: int) -> tuple[float, float]:
    """Return the megabytes (PSS) of a server's processes, and those of its worker for jobs."""
    web, jobs = 0.0, 0.0
    for one in [pid, *below(pid)]:
        size = proportional(one) / 1024
        if Path(f"/proc/{one}/comm").read_text().strip() == JOBS:
            jobs += size
        else:
            web += size
    return web, jobs


def below(pid: int) -> list[int]:
    """Return the processes that descend from one."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [each for child in map(int, found) for each in (child, *below(child))]


def proportional(pid: int) -> int:
    """Return the kilobytes of a process: pages that it shares with others count in part."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0
