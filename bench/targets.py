"""What must be reached, and how a figure is judged: the table of issue "Fast by construction"."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Target:
    """A bound for a figure, or for its ratio to the limit beside it."""

    name: str
    unit: str
    bound: float
    at_least: bool = False
    of_limit: bool = False

    def __str__(self) -> str:
        """Say it in words."""
        words = "at least" if self.at_least else "at most"
        return f"{words} {self.bound:g}{' of the limit' if self.of_limit else ''}"

    def is_met(self, value: float) -> bool:
        """Tell whether a figure, or a ratio, is good enough."""
        return value >= self.bound if self.at_least else value <= self.bound


def ratio(name: str, unit: str, bound: float) -> Target:
    """Return a target for what is compared with a limit: more is better."""
    return Target(name, unit, bound, at_least=True, of_limit=True)


RATE = "requests/s"
TARGETS = {
    "discussion": ratio("discussion with 20 replies, signed in", RATE, 0.5),
    "wiki": ratio("wiki page, signed in", RATE, 0.6),
    "list": ratio("list of 20", RATE, 0.4),
    "home": ratio("home", RATE, 0.4),
    "long": ratio("discussion with 50 replies of 200", RATE, 0.3),
    "steady": Target("p99 over p50 at 8 connections, discussion", "times", 3),
    "growth": ratio("the same page over 1,000,000 replies against 1,000", RATE, 0.85),
    "deep": ratio("page {} of a list against page 1", RATE, 0.9),
    "search": Target("search among {} replies: any word, p50", "ms", 20),
    "search_most": Target("search among {} replies: the most frequent word, p50", "ms", 60),
    "post": Target("post a reply, 8 writers", "replies/s", 300, at_least=True),
    "post_p99": Target("post a reply, 8 writers: p99", "ms", 100),
    "post_errors": Target("post a reply, 8 writers: refused, broken or lost", "replies", 0),
    "statements_home": Target("statements: home", "statements", 8),
    "statements_list": Target("statements: list", "statements", 6),
    "statements_discussion": Target("statements: discussion", "statements", 7),
    "statements_wiki": Target("statements: wiki page", "statements", 6),
    "statements_search": Target("statements: search", "statements", 5),
    "html": Target("HTML of a discussion with 20 replies", "KB", 60),
    "html_packed": Target("HTML of a discussion with 20 replies, gz", "KB", 8),
    "first_requests": Target("full first page: requests", "requests", 8),
    "first_packed": Target("full first page, gz", "KB", 60),
    "later_packed": Target("later page, gz", "KB", 12),
    "memory": Target("memory of the server after the bench, 2 workers (PSS)", "MB", 220),
    "start": Target("from start to first page", "s", 2),
    "markdown": Target("Markdown of 20 KB, rendered at saving", "ms", 40),
    "import": Target("import of the corpus (213 pages, 2,000 versions)", "s", 60),
}


@dataclass(frozen=True)
class Result:
    """One row of the table; without a figure it was not measured, without a target only told."""

    name: str
    figure: float | None
    unit: str
    limit: float | None = None
    ratio: float | None = None
    target: str | None = None
    met: bool | None = None


def judged(key: str, figure: float, limit: float | None = None, called: str = "") -> Result:
    """Return a figure with its target; `called` fills in the place in its name."""
    target = TARGETS[key]
    part = figure / limit if limit else None
    value = part if target.of_limit else figure
    assert value is not None
    return Result(
        target.name.format(called), figure, target.unit, limit, part, str(target),
        target.is_met(value),
    )  # fmt: skip


def told(name: str, figure: float, unit: str, limit: float | None = None) -> Result:
    """Return a figure that has no target."""
    return Result(name, figure, unit, limit, figure / limit if limit else None)


def skipped(key: str, why: str) -> Result:
    """Return the row of a target that was not measured."""
    target = TARGETS[key]
    return Result(f"{target.name.format('…')}: {why}", None, target.unit, target=str(target))


def as_rows(results: Iterable[Result]) -> list[dict[str, object]]:
    """Return what goes into `bench/results/latest.json`."""
    return [
        {key: round(value, 3) if isinstance(value, float) else value for key, value in row.items()}
        for row in map(asdict, results)
    ]


def table(results: Sequence[Result]) -> str:
    """Return the results as a table to read."""
    lines = [("figure of", "figure", "unit", "limit", "ratio", "target", "met")]
    lines += [
        (
            row.name, number(row.figure), row.unit, number(row.limit), number(row.ratio),
            row.target or "", {True: "yes", False: "NO", None: ""}[row.met],
        )
        for row in results
    ]  # fmt: skip
    widths = [max(len(line[column]) for line in lines) for column in range(7)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def number(value: float | None) -> str:
    """Write a figure with as many digits as mean something."""
    if value is None:
        return ""
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"
