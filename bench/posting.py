"""Eight writers place replies at once, and every reply that was acknowledged must be there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import quote_plus, urlencode

from sqlalchemy import func, select

from app.extensions import Kring, db
from app.models import Comment
from bench.browsing import LOOPBACK, Visitor
from bench.load import CONNECTIONS, SCRIPTS, Run, wrk
from bench.people import address_of
from bench.seed import PASSWORD
from bench.texts import Writer

FIRST_WRITER = 2
TEXTS = 500
PLACED = re.compile(r"#comment-(\d+)$")


@dataclass(frozen=True)
class Posted:
    """What came of it; `lost` were acknowledged and are not in the database."""

    runs: Sequence[Run]
    placed: int
    refused: int
    lost: int

    @property
    def rate(self) -> float:
        """Return the median of the replies a second."""
        return median(run.rate for run in self.runs)

    @property
    def p99(self) -> float:
        """Return the median of the 99th percentiles, in milliseconds."""
        return median(run.p99 for run in self.runs)

    @property
    def errors(self) -> int:
        """Return how many replies did not come to stand as they should."""
        return self.refused + self.lost + sum(run.broken for run in self.runs)


def prepare(port: int, pieces: Sequence[str], folder: Path) -> None:
    """Write down for each writer the session and the forms, taken from the pages themselves."""
    folder.mkdir(parents=True)
    writer = Writer(3)
    texts = "\n".join(quote_plus(writer.reply().body) for _ in range(TEXTS))
    (folder / "texts").write_text(texts + "\n")
    for number in range(CONNECTIONS):
        visitor = Visitor(port).sign_in(address_of(FIRST_WRITER + number), PASSWORD)
        lines = []
        for path in pieces[number::CONNECTIONS]:
            key = path.rpartition("/")[2].partition("-")[0]
            fields = visitor.form(path, f"/content/{key}/comments")
            fields.pop("submission_key")
            lines.append(f"{key}\t{urlencode(fields)}")
        (folder / f"writer-{number}").write_text("\n".join([visitor.cookie, *lines]) + "\n")


def post(port: int, folder: Path, rounds: int, seconds: int, app: Kring) -> Posted:
    """Let the writers write, and look whether all of it is there."""
    url = f"http://{LOOPBACK}:{port}/"
    threads = [f"-t{CONNECTIONS}", f"-c{CONNECTIONS}", "-s", f"{SCRIPTS}/post.lua"]
    runs = [
        wrk(url, seconds, *threads, told=(str(folder), str(number))) for number in range(rounds)
    ]
    return Posted(runs, *looked_up(folder, app))


def looked_up(folder: Path, app: Kring) -> tuple[int, int, int]:
    """Return how many replies were acknowledged, refused, and acknowledged but are not there."""
    lines = [line for file in folder.glob("placed-*") for line in file.read_text().splitlines()]
    keys = {int(found[1]) for line in lines if (found := PLACED.search(line))}
    there = 0
    with app.app_context():
        for key in range(min(keys, default=0), max(keys, default=-1) + 1, 1_000):
            wanted = [each for each in range(key, key + 1_000) if each in keys]
            there += db.session.scalars(select(func.count()).where(Comment.id.in_(wanted))).one()
    return len(keys), len(lines) - len(keys), len(keys) - there
