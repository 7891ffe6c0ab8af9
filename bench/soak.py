"""`make soak`: half of what the server can take, for half an hour, with a process killed midway.

Every answer is looked at; every reply that was acknowledged must be in the database at the end.
"""

import argparse
import json
import os
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import count, cycle
from pathlib import Path
from statistics import median, quantiles
from threading import Event, Thread

from sqlalchemy import select

from app.config import ROOT
from app.extensions import Kring, db
from app.models import Comment
from bench import inside
from bench.browsing import Visitor
from bench.people import address_of
from bench.seed import PASSWORD
from bench.seeds import copied, seeded
from bench.serving import JOBS, PRODUCT, below, proportional, running

RESULTS = ROOT / "bench" / "results" / "soak.json"
MEMBERS = 8
READS_TO_A_WRITE = 20
WEIGH_EVERY = 10.0  # seconds
AFTER_THE_KILL = 5.0  # seconds in which a connection may break off
GROWTH = 20.0  # megabytes
MARK = "Duurproef"


@dataclass(frozen=True)
class Plan:
    """How long, and how the minutes are divided."""

    seconds: float

    @property
    def warm_up(self) -> float:
        """Return the seconds after which memory should not grow: a tenth, at most five minutes."""
        return min(300.0, self.seconds / 10)

    @property
    def calibration(self) -> float:
        """Return the seconds in which capacity is measured."""
        return min(20.0, self.seconds / 10)


@dataclass
class Diary:
    """What the members saw, and what the processes weighed; moments in seconds from the start."""

    started: float = field(default_factory=time.monotonic)
    answers: list[tuple[float, float]] = field(default_factory=list)  # moment, milliseconds
    errors: list[tuple[float, str]] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    weights: dict[int, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    totals: list[tuple[float, float]] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)
    killed: float | None = None

    def now(self) -> float:
        return time.monotonic() - self.started


class Member:
    """Someone who reads twenty pages, writes a reply, and so on, at a given pace."""

    def __init__(self, number: int, port: int, facts: inside.Facts, diary: Diary) -> None:
        self.number = number
        self.diary = diary
        self.visitor = Visitor(port).sign_in(address_of(number), PASSWORD)
        self.texts = count(1)
        self.pages = cycle(
            [
                (facts.discussion, b'id="comment-'), ("/", b"<h1"), ("/discussions", b"<h1"),
                (facts.wiki, b"<h1"), (facts.long, b'id="comment-'),
                (f"/search?q={facts.words[number % len(facts.words)]}", b"<h1"),
                *((path, b"<h1") for path in facts.pieces[number::MEMBERS]),
            ]
        )  # fmt: skip
        self.places = cycle(facts.pieces[number::MEMBERS])
        self.forms: dict[str, dict[str, str]] = {}

    def work(self, stop: Event, pause: float) -> None:
        """Ask on and on until told to stop, every `pause` seconds or else as soon as answered."""
        due = time.monotonic()
        for turn in count(3 * self.number):
            due = max(due + pause, time.monotonic() - 10 * pause)
            if stop.wait(max(0.0, due - time.monotonic())):
                return
            self.attempt(self.write if turn % (READS_TO_A_WRITE + 1) == 0 else self.read)

    def attempt(self, act: Callable[[], None]) -> None:
        began, moment = time.monotonic(), self.diary.now()
        try:
            act()
        except (OSError, HTTPException, WrongAnswer) as error:
            self.diary.errors.append((moment, f"{type(error).__name__}: {error}"))
        else:
            self.diary.answers.append((moment, (time.monotonic() - began) * 1000))

    def read(self) -> None:
        path, needs = next(self.pages)
        answer = self.visitor.ask(path)
        if answer.status != 200 or needs not in answer.body or b"</html>" not in answer.body:
            raise WrongAnswer(f"{path}: {answer.status}")

    def write(self) -> None:
        path = next(self.places)
        key = path.rpartition("/")[2].partition("-")[0]
        action = f"/content/{key}/comments"
        if path not in self.forms:
            self.forms[path] = self.visitor.form(path, action)
            self.forms[path].pop("submission_key", None)
        text = f"{MARK} {self.number} {next(self.texts)}"
        answer = self.visitor.ask(action, {**self.forms[path], "body": text})
        if answer.status != 303:
            raise WrongAnswer(f"{action}: {answer.status}")
        self.diary.acknowledged.append(text)


class WrongAnswer(Exception):
    """A page was not what it should be."""


def put_to_work(members: Iterable[Member], pause: float, seconds: float) -> None:
    """Let the members work for so long, each at this pace."""
    stop = Event()
    threads = [Thread(target=each.work, args=(stop, pause)) for each in members]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    stop.set()
    for thread in threads:
        thread.join()


def watch(server: int, diary: Diary, plan: Plan, stop: Event) -> None:
    """Weigh every process now and then; halfway kill one that answers requests."""
    while not stop.wait(min(WEIGH_EVERY, plan.seconds / 20)):
        if diary.killed is None and diary.now() > plan.seconds / 2:
            diary.killed = diary.now()
            os.kill(one_that_serves(server), signal.SIGKILL)
        moment, total = diary.now(), 0.0
        for pid in [server, *below(server)]:
            try:
                diary.names[pid], weight = name(pid), proportional(pid) / 1024
            except OSError:
                continue  # it ended meanwhile
            diary.weights[pid].append((moment, weight))
            total += weight
        diary.totals.append((moment, total))


def one_that_serves(server: int) -> int:
    return next(pid for pid in below(server) if name(pid) != JOBS)


def name(pid: int) -> str:
    return Path(f"/proc/{pid}/comm").read_text().strip()


def told(diary: Diary, plan: Plan, rate: float, lost: Sequence[str]) -> dict[str, float]:
    """Return the figures: how many of what, and how steady time and memory were."""
    killed = diary.killed or plan.seconds
    by_the_kill = [
        each for each in diary.errors if 0 <= each[0] + AFTER_THE_KILL - killed < 2 * AFTER_THE_KILL
    ]
    half = plan.seconds / 2
    first = p99(ms for at, ms in diary.answers if plan.warm_up < at < half)
    second = p99(ms for at, ms in diary.answers if at > half)
    return {
        "seconds": plan.seconds, "requests_a_second": rate, "answers": len(diary.answers),
        "errors": len(diary.errors) - len(by_the_kill), "cut_off_by_the_kill": len(by_the_kill),
        "acknowledged": len(diary.acknowledged), "lost": len(lost),
        "growth_mb": growth(diary.totals, plan.warm_up),
        "memory_mb": diary.totals[-1][1], "highest_mb": max(total for _at, total in diary.totals),
        "p99_first_half_ms": first, "p99_second_half_ms": second,
        "p99_ratio": second / first if first else 0.0,
    }  # fmt: skip


def growth(totals: Sequence[tuple[float, float]], warm_up: float) -> float:
    """Return by how many megabytes all processes together grew after the warm-up.

    Together, because what one shares with the others counts as its own when they end.
    """
    warm = [total for at, total in totals if at >= warm_up]
    return median(warm[-3:]) - median(warm[:3]) if len(warm) >= 2 else 0.0


def p99(values: Iterable[float]) -> float:
    found = list(values)
    return quantiles(found, n=100)[98] if len(found) > 1 else 0.0


def by_minute(diary: Diary) -> list[tuple[int, int, float]]:
    """Return for each minute the answers and their 99th percentile in milliseconds."""
    minutes: dict[int, list[float]] = defaultdict(list)
    for at, milliseconds in diary.answers:
        minutes[int(at // 60)].append(milliseconds)
    return [(minute, len(found), p99(found)) for minute, found in sorted(minutes.items())]


def missing(app: Kring, acknowledged: Sequence[str]) -> list[str]:
    """Return the replies that were acknowledged and are not in the database."""
    with app.app_context():
        there = set(db.session.scalars(select(Comment.body).where(Comment.body.startswith(MARK))))
        db.session.rollback()
    return sorted(set(acknowledged) - there)


def soak(port: int, app: Kring, server: int, plan: Plan) -> tuple[Diary, dict[str, float]]:
    """Measure capacity, then ask half of it for the whole time."""
    facts, trial = inside.facts(app), Diary()
    members = [Member(number, port, facts, trial) for number in range(2, 2 + MEMBERS)]
    put_to_work(members, 0.0, plan.calibration)
    rate = len(trial.answers) / plan.calibration / 2
    diary = Diary(acknowledged=trial.acknowledged)
    diary.errors.extend(trial.errors)
    for member in members:
        member.diary = diary
    stop = Event()
    watcher = Thread(target=watch, args=(server, diary, plan, stop))
    watcher.start()
    put_to_work(members, MEMBERS / rate, plan.seconds)
    stop.set()
    watcher.join()
    return diary, told(diary, plan, rate, missing(app, diary.acknowledged))


def is_good(figures: dict[str, float]) -> bool:
    """Tell whether nothing went wrong; how steady time was is for people to judge."""
    return (
        not figures["errors"]
        and not figures["lost"]
        and figures["cut_off_by_the_kill"] <= MEMBERS
        and figures["growth_mb"] <= GROWTH
    )


def show(diary: Diary, figures: dict[str, float]) -> None:
    """Print what was found, and write it down."""
    rows = [{"minute": m, "answers": n, "p99_ms": round(ms, 1)} for m, n, ms in by_minute(diary)]
    weights = {
        f"{diary.names[pid]} {pid}": [[round(at), round(mb, 1)] for at, mb in series]
        for pid, series in diary.weights.items()
    }
    faults = Counter(text for _at, text in diary.errors)
    for row in rows:
        print(f"minute {row['minute']:3}  {row['answers']:6} answers  p99 {row['p99_ms']:8} ms")
    for what, series in weights.items():
        print(
            f"{what:20}  {series[0][1]:6} MB at {series[0][0]} s, {series[-1][1]:6} MB at {series[-1][0]} s"
        )
    for text, times in faults.most_common(10):
        print(f"{times} x {text}")
    for key, value in figures.items():
        print(f"{key:22}  {round(value, 2):>10}")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(
        json.dumps({"figures": figures, "minutes": rows, "memory": weights}, indent=1) + "\n"
    )


def main() -> int:
    """Run it; 1 when something went wrong."""
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--replies", type=int, default=100_000)
    parser.add_argument("--database", default="", help="postgresql://…; else SQLite")
    parser.add_argument("--port", type=int, default=8130)
    parser.add_argument("--seeds", type=Path, default=ROOT / "instance" / "bench")
    asked = parser.parse_args()
    plan = Plan(min(asked.minutes, 120) * 60)
    found = seeded(asked.seeds, asked.replies, asked.database)
    with copied(found, asked.seeds / "soak") as copy:
        os.environ |= copy.environment
        with inside.product() as app, running(PRODUCT, asked.port, copy.environment) as server:
            diary, figures = soak(asked.port, app, server.pid, plan)
    show(diary, figures)
    return 0 if is_good(figures) else 1


if __name__ == "__main__":
    sys.exit(main())
