"""What one rendering is given, and what it finds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from markdown.extensions.toc import slugify

ID_PREFIX = "h-"
"""Prefix of the ids in the body of a page; wiki links to headings count on it."""


class Target(NamedTuple):
    """Where a wiki link or a mention leads, and the name to show for it."""

    url: str
    title: str


Resolver = Callable[[Sequence[str]], Mapping[str, Target]]
"""Given all targets of a text at once, returns those that exist."""


class Picture(NamedTuple):
    """An image of ours that a text may show: its address, measure, smaller widths and words.

    One that is `gone` leaves a few words in its place.
    """

    url: str
    width: int
    height: int
    widths: tuple[int, ...]
    alt: str
    gone: bool = False


PictureResolver = Callable[[Sequence[int]], Mapping[int, Picture]]
"""Given the numbers of all images of a text at once, returns those that it may show."""


class Labels(NamedTuple):
    """Words of ours in a text, in the reader's language. `{title}` and `{number}` are filled in."""

    heading: str = "Link to {title}"
    footnote: str = "Back to the text of note {number}"
    image_gone: str = "Image removed"


class TocEntry(NamedTuple):
    """A heading: its level (2 to 6), its id and its text."""

    level: int
    id: str
    text: str


DEFAULT_LABELS = Labels()


@dataclass
class Page:
    """What one rendering is given and what it finds."""

    links: Resolver | None = None
    mentions: Resolver | None = None
    pictures: PictureResolver | None = None
    prefix: str = ""
    base_level: int = 2
    labels: Labels = DEFAULT_LABELS
    toc: list[TocEntry] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    wiki_links: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


def slug(text: str) -> str:
    """Return the part of a heading's id after the prefix."""
    return slugify(text, "-") or slugify(text, "-", unicode=True) or "section"
