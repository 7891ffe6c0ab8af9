"""The YAML at the start of a Markdown file: its title, keywords and place, taken off and put back."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import yaml

MAX_HEADER = 20_000
"""Characters of front matter; the largest in the real corpus has 1,500."""
MAX_DEPTH = 40
"""Brackets inside each other; libyaml and its reader go down a level of the stack for each."""
KEYWORDS = ("tags", "keywords", "trefwoorden")
SUBJECTS = ("onderwerp", "onderwerpen", "levenscyclus", "rollen")
"""Keys that hold keywords in the form of file names: `data-en-privacy`."""
KNOWN = {"title", "order", "standing", "owner", "review_on", *KEYWORDS, *SUBJECTS}
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same rules, ten times as fast

OPENING = re.compile(r"---[ \t]*\n")
CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)
HEADING = re.compile(r"#[ \t]+(.*?)[ \t]*#*[ \t]*(?:\{[^{}]*\})?[ \t]*$")
NOT_YET_TEXT = re.compile(r"\s*$|\s*<!--(?:(?!-->).)*-->\s*$")


class BrokenFrontMatter(ValueError):
    """What stands between the lines of `---` is not YAML, or not keys with values."""


@dataclass(frozen=True)
class Header:
    """What front matter says. `order` is the place among siblings; `unknown` are the other keys.

    `owner` is the handle of who keeps the page, until `review_on` it need not be looked at.
    """

    title: str = ""
    keywords: tuple[str, ...] = ()
    order: int | None = None
    standing: str = ""
    unknown: tuple[str, ...] = ()
    owner: str = ""
    review_on: date | None = None


@dataclass(frozen=True)
class Document:
    """A Markdown file: its header, always with a title, and its text without header."""

    header: Header
    body: str


def read(text: str, name: str) -> Document:
    """Read a file; without a title its first heading gives one, else `name`.

    A heading that repeats the title is taken off. Raises BrokenFrontMatter.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    source, body = split(text)
    header = parse(source)
    title = header.title or first_heading(body) or name
    return Document(replace(header, title=title), without_heading(body, title).strip())


def split(text: str) -> tuple[str, str]:
    """Return the front matter, without its lines of `---`, and the rest."""
    opening = OPENING.match(text)
    if not opening:
        return "", text
    closing = CLOSING.search(text, opening.end(), opening.end() + MAX_HEADER)
    if not closing:
        raise BrokenFrontMatter("no line of --- ends it")
    return text[opening.end() : closing.start()], text[closing.end() :]


@lru_cache(maxsize=512)
def parse(source: str) -> Header:
    """Return what this front matter says; versions of one page mostly share it."""
    if not source.strip():
        return Header()
    if max(source.count("["), source.count("{")) > MAX_DEPTH * 25 or deepest(source) > MAX_DEPTH:
        raise BrokenFrontMatter("too many brackets")
    try:
        found = yaml.load(source, _LOADER)  # noqa: S506  # one of the two safe loaders
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BrokenFrontMatter(" ".join(str(error).split())[:200]) from error
    if found is None:
        return Header()
    if not isinstance(found, dict):
        raise BrokenFrontMatter("no keys with values")
    return header_of(found)


def deepest(source: str) -> int:
    """Return how many brackets are open at once, at most."""
    depth = most = 0
    for sign in source:
        depth += (sign in "[{") - (sign in "]}")
        most = max(most, depth)
    return most


def header_of(found: dict[Any, Any]) -> Header:
    """Pick out of YAML what we know; a value of an unexpected kind is as good as none."""
    title, order, standing = (found.get(key) for key in ("title", "order", "standing"))
    keywords = [word for key in KEYWORDS for word in words(found.get(key))]
    subjects = [word.replace("-", " ") for key in SUBJECTS for word in words(found.get(key))]
    return Header(
        title=" ".join(str(title).split()) if isinstance(title, str | int | float) else "",
        keywords=tuple(dict.fromkeys([*keywords, *subjects])),
        order=order if isinstance(order, int) and 0 <= order < 10**6 else None,
        standing=standing if isinstance(standing, str) else "",
        unknown=tuple(str(key)[:60] for key in found if key not in KNOWN),
        owner=str(found["owner"])[:200] if isinstance(found.get("owner"), str | int) else "",
        review_on=day(found.get("review_on")),
    )


def day(value: object) -> date | None:
    """Return a day; YAML gives one itself when it is written as 2027-01-31."""
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def words(value: object) -> list[str]:
    """Return the texts in a list, or between the commas of a text."""
    parts: Sequence[object] = value.split(",") if isinstance(value, str) else ()
    if isinstance(value, list):
        parts = value
    return [" ".join(part.split()) for part in parts if isinstance(part, str) and part.strip()]


def first_heading(body: str) -> str:
    """Return the heading 1 with which a text starts, if it does."""
    found = opening_heading(body.split("\n"))
    return " ".join(found[1].split()) if found else ""


def without_heading(body: str, title: str) -> str:
    """Return a text without the heading 1 at its start when that says the same as the title."""
    lines = body.split("\n")
    found = opening_heading(lines)
    if not found or folded(found[1]) != folded(title):
        return body
    del lines[found[0]]
    return "\n".join(lines)


def opening_heading(lines: list[str]) -> tuple[int, str] | None:
    """Return number and text of the heading 1 before which there is nothing to read."""
    for number, line in enumerate(lines):
        if match := HEADING.match(line):
            return number, match[1]
        if not NOT_YET_TEXT.match(line):
            return None
    return None


def folded(title: str) -> str:
    return " ".join(title.split()).casefold()


def write(document: Document) -> str:
    """Return the file from which `read` gets this document back."""
    header = document.header
    kept: dict[str, object] = {"title": header.title}
    if header.keywords:
        kept["tags"] = list(header.keywords)
    if header.order is not None:
        kept["order"] = header.order
    if header.standing:
        kept["standing"] = header.standing
    if header.owner:
        kept["owner"] = header.owner
    if header.review_on:
        kept["review_on"] = header.review_on
    source = yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=10_000)
    body = document.body
    if without_heading(body, header.title) != body:
        body = f"# {header.title}\n\n{body}"
    return f"---\n{source}---\n\n{body}\n"
