"""What is measured of a running product, group by group; each gives rows of the table."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import quote_plus

from app.config import ROOT
from app.extensions import Kring
from bench import inside, posting, weighing
from bench.browsing import Visitor
from bench.inside import Facts
from bench.load import Page, Run, in_turn, rate
from bench.seed import PASSWORD
from bench.serving import PRODUCT, Server, memory, running
from bench.targets import RATE, TARGETS, Result, judged, skipped, told

CORPUS = Path(os.environ.get("KRING_CORPUS", ROOT.parent / "shared" / "corpus"))
MARKED = b"<mark"
STARTS = 3
MOST_TIMES = 20
KB = 1_000


@dataclass(frozen=True)
class Pace:
    """How long and how often things are measured."""

    rounds: int = 3
    seconds: int = 4
    writing: int = 8


@dataclass(frozen=True)
class Scene:
    """A product that runs on a copy of a seed, with the limit beside it and a reader signed in."""

    product: Server
    limit: Server
    reader: Visitor
    facts: Facts
    sizes: Mapping[str, int]
    folder: Path
    app: Kring
    environment: Mapping[str, str]
    pace: Pace


def addresses(facts: Facts) -> dict[str, str]:
    """Return the paths of the pages that are compared with the limit."""
    return {
        "discussion": facts.discussion, "wiki": facts.wiki, "list": "/discussions", "home": "/",
        "long": facts.long,
    }  # fmt: skip


def sizes_of(reader: Visitor, facts: Facts) -> dict[str, int]:
    """Return the bytes of each page, after looking whether it shows what it should."""
    shown = {
        "discussion": b'id="comment-', "wiki": b"<h1", "list": b"/discussions/",
        "home": b"/discussions/", "long": b'id="comment-',
    }  # fmt: skip
    return {name: len(reader.page(path, shown[name])) for name, path in addresses(facts).items()}


def pages(scene: Scene) -> Iterator[Result]:
    """Compare the pages with the limit, in alternation."""
    for name, path in addresses(scene.facts).items():
        size = scene.sizes[name]
        runs = in_turn(
            {
                "core": Page(scene.limit.port, f"/core/{name}", "", size),
                "own": Page(scene.product.port, path, scene.reader.cookie, size),
                "mem": Page(scene.limit.port, f"/mem/{name}", "", size),
            },
            scene.pace.rounds,
            scene.pace.seconds,
        )
        own, mem = rate(runs["own"]), rate(runs["mem"])
        yield judged(name, own, rate(runs["core"]))
        yield told(f"{TARGETS[name].name}, beside “mem”", own, RATE, mem)
        if name == "discussion":
            yield judged("steady", unsteadiness(runs["own"]))


def unsteadiness(runs: Sequence[Run]) -> float:
    """Return the median of how much longer the slowest hundredth takes than the usual request."""
    return median(run.p99 / run.p50 for run in runs)


def deep(product: Server, reader: Visitor, facts: Facts, pace: Pace) -> Result:
    """Compare a page far down the list with its first page."""
    first, far = (len(reader.page(path)) for path in ("/discussions", facts.deep))
    runs = in_turn(
        {
            "first": Page(product.port, "/discussions", reader.cookie, first),
            "far": Page(product.port, facts.deep, reader.cookie, far),
        },
        pace.rounds,
        pace.seconds,
    )
    return judged("deep", rate(runs["far"]), rate(runs["first"]), f"{facts.deep_page:,}")


def searches(reader: Visitor, facts: Facts) -> Iterator[Result]:
    """Time searches one after the other: words of every frequency, and the most frequent one."""
    number = f"{facts.replies:,}"
    yield judged("search", median(timed(reader, word) for word in facts.words * 2), called=number)
    again = [facts.most] * MOST_TIMES
    yield judged("search_most", median(timed(reader, word) for word in again), called=number)


def timed(reader: Visitor, word: str) -> float:
    """Return the milliseconds that a search takes; it must find something."""
    start = time.perf_counter()
    reader.page(f"/search?q={quote_plus(word)}", MARKED)
    return (time.perf_counter() - start) * 1_000


def replies(scene: Scene) -> Iterator[Result]:
    """Let writers place replies."""
    folder, port = scene.folder / "posting", scene.product.port
    posting.prepare(port, scene.facts.pieces, folder)
    pace = scene.pace
    posted = posting.post(port, folder, pace.rounds, pace.writing, scene.app)
    yield judged("post", posted.rate)
    yield judged("post_p99", posted.p99)
    yield judged("post_errors", posted.errors)


def statements(scene: Scene) -> Iterator[Result]:
    """Count the statements of pages."""
    paths = addresses(scene.facts)
    paths["search"] = f"/search?q={quote_plus(scene.facts.words[len(scene.facts.words) // 2])}"
    del paths["long"]
    for name, number in inside.statements_of(scene.app, paths).items():
        yield judged(f"statements_{name}", number)


def weights(scene: Scene) -> Iterator[Result]:
    """Weigh a discussion, a first page in Chromium, and a later one."""
    html = scene.reader.page(scene.facts.discussion)
    yield judged("html", len(html) / KB)
    yield judged("html_packed", inside.packed(html) / KB)
    if not weighing.CHROMIUM.exists():
        yield from (
            skipped(key, "no Chromium")
            for key in ("first_requests", "first_packed", "later_packed")
        )
        return
    first, later = weighing.weigh(scene.reader, scene.facts.discussion, scene.facts.wiki)
    yield judged("first_requests", first.requests)
    yield judged("first_packed", first.packed / KB)
    yield judged("later_packed", later.packed / KB)


def weight_of_server(scene: Scene) -> Iterator[Result]:
    """Weigh the server after all that."""
    web, jobs = memory(scene.product.pid)
    yield judged("memory", web)
    yield told("memory of the process for background jobs beside it (PSS)", jobs, "MB")


def starts(port: int, environment: Mapping[str, str]) -> Result:
    """Time some starts of the product, until its first page."""
    taken = []
    for _ in range(STARTS):
        with running(PRODUCT, port, environment) as server:
            taken.append(server.seconds)
    return judged("start", median(taken))


def markdown() -> Result:
    """Time the rendering of a long text."""
    return judged("markdown", inside.markdown_milliseconds())


def imported() -> Result:
    """Time the import of real pages with their history into an empty community."""
    pages_there = sorted(CORPUS.glob("*/pages"))
    if not pages_there:
        return skipped("import", "no corpus here")
    with tempfile.TemporaryDirectory(prefix="kring-bench-") as folder:
        flask("setup", "--community", "Bench", "--municipality", "Voorbeeldstad", "--name", "Bench",
              "--email", "bench@voorbeeldstad.example", "--password", PASSWORD, folder=folder)  # fmt: skip
        start = time.monotonic()
        history = pages_there[0].with_name("history.jsonl")
        flask("wikis", "import", str(pages_there[0]), "--theme", "Corpus", "--history", str(history),
              folder=folder)  # fmt: skip
        return judged("import", time.monotonic() - start)


def flask(*arguments: str, folder: str) -> None:
    """Run a command of the product on an instance folder of its own."""
    own = {key: value for key, value in os.environ.items() if not key.startswith("KRING_")}
    subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *arguments], cwd=ROOT, check=True,
        env={**own, "KRING_INSTANCE": folder}, stdin=subprocess.DEVNULL, timeout=600,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
