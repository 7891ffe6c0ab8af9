"""Load by `wrk`: bounded in time and connections, and worth nothing unless every answer was right."""

import re
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from statistics import median

from app.config import ROOT
from bench.browsing import LOOPBACK
from bench.failing import BenchError

CONNECTIONS = 8
SCRIPTS = "bench/wrk"
LINE = re.compile(
    r"^BENCH requests=(\d+) microseconds=(\d+) bytes=(\d+) refused=(\d+) broken=(\d+)"
    r" p50=(\d+) p99=(\d+)$",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Run:
    """What one run of wrk saw; times in milliseconds."""

    requests: int
    seconds: float
    bytes: int
    refused: int
    broken: int
    p50: float
    p99: float

    @property
    def rate(self) -> float:
        """Return the requests a second."""
        return self.requests / self.seconds


def wrk(url: str, seconds: int, *options: str, told: Sequence[str] = ()) -> Run:
    """Run wrk for so long; `told` is for its script. Raises BenchError when it says nothing."""
    command = ["wrk", f"-d{seconds}s", "--timeout", "10s", *options, url, "--", *told]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=seconds + 60
    )
    found = LINE.search(done.stdout)
    if found is None:
        raise BenchError(f"wrk: {done.stdout}{done.stderr}")
    requests, microseconds, size, refused, broken, p50, p99 = map(int, found.groups())
    if not requests:
        raise BenchError(f"{url}: no answer within {seconds} s")
    return Run(requests, microseconds / 1e6, size, refused, broken, p50 / 1e3, p99 / 1e3)


@dataclass(frozen=True)
class Page:
    """A page under load: where it is, in whose session, and how many bytes it has at least."""

    port: int
    path: str
    cookie: str
    size: int

    def load(self, seconds: int) -> Run:
        """Ask for it as often as goes. Raises BenchError when anything else was answered."""
        run = self.asked(seconds)
        if run.refused or run.bytes < run.requests * self.size:
            each = run.bytes / run.requests
            raise BenchError(f"{self.path}: {run.refused} refused, {each:.0f} bytes each")
        return run

    def warm_up(self) -> None:
        """Let every process and thread have made it once, however long that takes."""
        with suppress(BenchError):
            self.asked(1)

    def asked(self, seconds: int) -> Run:
        """Return what wrk saw. Raises BenchError when there was no answer at all."""
        arguments = ["-t1", f"-c{CONNECTIONS}", "-s", f"{SCRIPTS}/report.lua"]
        arguments += ["-H", f"Cookie: {self.cookie}"] if self.cookie else []
        url = f"http://{LOOPBACK}:{self.port}{self.path}"
        return wrk(url, seconds, *arguments)


def in_turn(pages: dict[str, Page], rounds: int, seconds: int) -> dict[str, list[Run]]:
    """Load pages one after the other, some rounds long, after a second of warming up for each."""
    for page in pages.values():
        page.warm_up()
    runs: dict[str, list[Run]] = {name: [] for name in pages}
    for _ in range(rounds):
        for name, page in pages.items():
            runs[name].append(page.load(seconds))
    return runs


def rate(runs: list[Run]) -> float:
    """Return the median of the requests a second."""
    return median(run.rate for run in runs)
