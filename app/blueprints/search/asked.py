"""What the address of the search page asks for."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _

from app.forms import tidy, tidy_line
from app.lib.clock import local, now
from app.lib.search_query import LONGEST, Query, parse
from app.lib.slugs import slugify
from app.queries.search import TYPES, Filters
from app.queries.search_choices import Choice, Choices, choices

PERIODS = {"week": 7, "month": 31, "year": 366}
"""How many days back the choices of a period go."""
ORDERS = {"best": "relevance", "new": "newest"}
BEST = "best"
SEEN = {"no": False, "yes": True}
PLAIN = "!$'()*,/:;?@"
"""What an address leaves as it is, as `url_for` does."""
LONGEST_NAME = 120
LARGEST_PAGE = 10_000


@dataclass(frozen=True)
class Asked:
    """A question, by what it is narrowed, and what there is to narrow it by.

    `text` is what was typed, `query` how it is understood; `writer` is what was typed to find
    `author`. What cannot be chosen does not count; `problems` tells of it where someone typed it.
    """

    text: str
    query: Query
    type: str
    theme: Choice | None
    group: Choice | None
    author: Choice | None
    writer: str
    tag: Choice | None
    since: str
    day: date | None
    seen: str
    archived: bool
    order: str
    page: int
    choices: Choices
    problems: Mapping[str, str]

    @property
    def too_long(self) -> bool:
        """Tell whether only the beginning of the question counts."""
        return len(self.text) > LONGEST

    @cached_property
    def filters(self) -> dict[str, str]:
        """Return by what the question is narrowed, as the address says it."""
        found = {
            "type": self.type, "theme": self.theme and self.theme.slug,
            "group": self.group and self.group.slug, "author": self.author and self.author.slug,
            "tag": self.tag and self.tag.slug, "since": self.since, "seen": self.seen,
            "archived": "1" if self.archived else "",
        }  # fmt: skip
        return {name: value for name, value in found.items() if value}

    def narrowed(self) -> Filters:
        """Return the same for the search."""
        return Filters(
            type=self.type, theme=self.theme.slug if self.theme else "",
            group=self.group.slug if self.group else "", tag=self.tag.slug if self.tag else "",
            author=self.author.id if self.author else None, since=self.day,
            seen=SEEN.get(self.seen), archived=self.archived,
        )  # fmt: skip

    @cached_property
    def narrowing(self) -> tuple[tuple[str, str], ...]:
        """Return all that the address says besides the question."""
        order = {"order": self.order} if self.order != BEST else {}
        return tuple({**self.filters, **order}.items())

    def parameters(self, **changes: Any) -> dict[str, Any]:
        """Return the parameters of the address, without empty ones; the first page has no number."""
        found = {"q": self.query.text, **dict(self.narrowing), **changes}
        return {name: value for name, value in found.items() if value}


def narrower(narrowing: Iterable[tuple[str, str]], changes: Mapping[str, Any]) -> str:
    """Return what comes after the question in an address, as `url_for` writes it."""
    found = {**dict(narrowing), **changes}
    pairs = [(name, value) for name, value in found.items() if value]
    return f"&{urlencode(pairs, safe=PLAIN)}" if pairs else ""


def read_address(args: Mapping[str, str], user: Any) -> Asked:
    """Read the parameters of an address; asks the database once, for what can be chosen."""
    text = tidy(args.get("q"))
    writer = tidy_line(args.get("author"))[:LONGEST_NAME]
    tag = tidy_line(args.get("tag"))[:LONGEST_NAME]
    found = choices(user, writer, slugify(tag) if tag else "")
    since, day = period(args.get("since", ""))
    problem = _("There is nobody here with the name “%(name)s”.", name=writer)
    return Asked(
        text=text, query=parse(text), type=one_of(TYPES, args.get("type")),
        theme=chosen(found.themes, args.get("theme")), group=chosen(found.groups, args.get("group")),
        author=found.author, writer=writer, tag=found.tag, since=since, day=day, seen=one_of(SEEN, args.get("seen")),
        archived=args.get("archived") == "1", order=one_of(ORDERS, args.get("order")) or BEST,
        page=number_in(args.get("page", "")), choices=found,
        problems={"author": problem} if writer and found.author is None else {},
    )  # fmt: skip


def one_of(known: Collection[str], value: str | None) -> str:
    """Return a value that there is, or nothing."""
    return value if value and value in known else ""


def chosen(offered: Sequence[Choice], slug: str | None) -> Choice | None:
    """Return the choice with this slug."""
    return next((one for one in offered if one.slug == slug), None)


def number_in(text: str) -> int:
    """Return the number of a page; the first for what is no number."""
    plain = text.isascii() and text.isdecimal() and len(text) < len(str(LARGEST_PAGE))
    return max(1, int(text)) if plain else 1


def period(text: str) -> tuple[str, date | None]:
    """Return a period as the address says it, with its first day: a week, or since a date."""
    today = local(now()).date()
    if text in PERIODS:
        return text, today - timedelta(days=PERIODS[text])
    try:
        return text, date.fromisoformat(text)
    except ValueError:
        return "", None
