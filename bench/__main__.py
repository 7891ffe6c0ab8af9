"""`make bench`: seed, measure, print one table. bench/README.md tells what each row means."""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from app.config import ROOT
from bench import growth, inside, measures, seed
from bench.browsing import Visitor
from bench.failing import BenchError
from bench.load import Page, in_turn, rate
from bench.measures import Pace, Scene
from bench.people import READER, address_of
from bench.seeds import Seed, copied, seeded
from bench.serving import PRODUCT, running
from bench.targets import Result, as_rows, judged, number, skipped, table

RESULTS = ROOT / "bench" / "results" / "latest.json"


def main() -> int:
    """Run the bench; 1 when what it saw cannot be trusted."""
    asked = read_arguments()
    started = time.monotonic()
    results: list[Result] = []
    try:
        for result in measured(asked):
            results.append(result)
            print(f"  {result.name}: {number(result.figure)} {result.unit}", flush=True)
    except BenchError as error:
        print(f"*** The bench stopped: {error} ***", file=sys.stderr)
        return 1
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(as_rows(results), indent=1, ensure_ascii=False) + "\n")
    print(f"\n{table(results)}\n\n{time.monotonic() - started:.0f} s; {RESULTS.relative_to(ROOT)}")
    return 0


def read_arguments() -> argparse.Namespace:
    """Read what was asked."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--replies", type=int, default=seed.Size().replies)
    parser.add_argument(
        "--database", default="", help="postgresql://…, empty or a seed; else SQLite"
    )
    parser.add_argument("--curve", action="store_true", help="also from 1,000 to 1,000,000 replies")
    parser.add_argument("--port", type=int, default=8110, help="the first of six ports")
    parser.add_argument("--seeds", type=Path, default=ROOT / "instance" / "bench")
    parser.add_argument("--rounds", type=int, choices=range(1, 10), default=3)
    parser.add_argument("--seconds", type=int, choices=range(1, 31), default=4)
    asked = parser.parse_args()
    if asked.curve and asked.database:
        parser.error("the curve is drawn on SQLite")
    return asked


def measured(asked: argparse.Namespace) -> Iterator[Result]:
    """Yield the rows of the table."""
    pace = Pace(asked.rounds, asked.seconds)
    found = seeded(asked.seeds, asked.replies, asked.database)
    yield measures.markdown()
    with copied(found, asked.seeds / "run") as copy:
        os.environ |= copy.environment
        yield measures.starts(asked.port, copy.environment)
        with staged(copy, asked.port, pace) as scene:
            yield from on(scene, asked.curve)
    if asked.curve:
        yield from curve(asked, pace)
    else:
        yield skipped("growth", "asked for by --curve")
    yield measures.imported()


def on(scene: Scene, curve: bool) -> Iterator[Result]:  # noqa: FBT001  # as it was asked
    """Yield what is measured of one product; what grows with the community is for the largest one."""
    yield from measures.pages(scene)
    if not curve:
        yield measures.deep(scene.product, scene.reader, scene.facts, scene.pace)
        yield from measures.searches(scene.reader, scene.facts)
    yield from measures.statements(scene)
    yield from measures.weights(scene)
    yield from measures.replies(scene)
    yield from measures.weight_of_server(scene)


@contextmanager
def staged(copy: Seed, port: int, pace: Pace) -> Iterator[Scene]:
    """Start the product and the limit on a copy, and sign the reader in."""
    with ExitStack() as stack:
        app = stack.enter_context(inside.product())
        facts = inside.facts(app)
        product = stack.enter_context(running(PRODUCT, port, copy.environment))
        reader = Visitor(port).sign_in(address_of(READER), seed.PASSWORD)
        sizes = measures.sizes_of(reader, facts)
        limit = ["-m", "bench.limit", "--port", str(port + 1), "--wiki", str(facts.wiki_id)]
        limit += ["--sizes", json.dumps(sizes)]
        bare = stack.enter_context(running(limit, port + 1, copy.environment, "/mem/discussion"))
        yield Scene(product, bare, reader, facts, sizes, copy.folder, app, copy.environment, pace)


def curve(asked: argparse.Namespace, pace: Pace) -> Iterator[Result]:
    """Compare the same page on communities of every size, and measure what is for the largest."""
    found = {replies: seeded(asked.seeds, replies) for replies in growth.SIZES}
    with ExitStack() as stack:
        pages: dict[str, Page] = {}
        for port, (replies, one) in enumerate(found.items(), asked.port + 2):
            os.environ |= one.environment
            facts = inside.facts(stack.enter_context(inside.product()))
            server = stack.enter_context(running(PRODUCT, port, one.environment))
            reader = Visitor(port).sign_in(address_of(READER), seed.PASSWORD)
            size = len(reader.page(facts.discussion, b'id="comment-'))
            pages[str(replies)] = Page(port, facts.discussion, reader.cookie, size)
        runs = in_turn(pages, pace.rounds, pace.seconds)
        rates = {replies: rate(runs[str(replies)]) for replies in found}
        growth.draw(rates)
        yield judged("growth", rates[growth.SIZES[-1]], rates[growth.SIZES[0]])
        yield measures.deep(server, reader, facts, pace)
        yield from measures.searches(reader, facts)


if __name__ == "__main__":
    sys.exit(main())
