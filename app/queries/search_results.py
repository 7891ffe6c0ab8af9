"""What a search is narrowed to, and what it answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import NamedTuple

from app.lib.search_snippet import Marked
from app.models import User

PAGE = 20
TYPES = ("discussion", "wiki", "comment", "person", "tag", "theme", "group", "file", "page")
"""What can be found, as the address of a search names it."""


@dataclass(frozen=True)
class Filters:
    """What someone narrows a search to; what is empty does not count.

    `theme`, `group` and `tag` are slugs, `author` the id of a person, `seen` tells whether the
    reader opened the piece. With `archived` only what was put away is found, else all but that.
    """

    type: str = ""
    theme: str = ""
    group: str = ""
    tag: str = ""
    author: int | None = None
    since: date | None = None
    seen: bool | None = None
    archived: bool = False


class Hit(NamedTuple):
    """One thing that was found, with what a line about it shows.

    `kind` is one of TYPES, `id` and `slug` are those of the thing itself; a standing page has its
    name as slug. A piece, a reply and a document have the piece that they belong to in `piece_…`,
    a reply its `position`. `part` is where in a profile a person was found: one of app.policy.PARTS, or nothing
    for the name; `photo` is the hash of theirs, if the reader may see it. `snippet` can be empty.
    """

    kind: str
    id: int
    slug: str
    title: Marked
    snippet: Marked = ()
    at: datetime | None = None
    part: str = ""
    piece_id: int | None = None
    piece_kind: str = ""
    piece_slug: str = ""
    position: int | None = None
    author_id: int | None = None
    author_name: str = ""
    author_handle: str = ""
    theme_name: str = ""
    theme_slug: str = ""
    group_name: str = ""
    group_slug: str = ""
    person: User | None = None
    photo: str | None = None
    is_hidden: bool = False
    is_archived: bool = False


@dataclass(frozen=True)
class Results:
    """A page of what was found. `total` is what there is; with `more` not everything was looked at."""

    hits: Sequence[Hit] = ()
    total: int = 0
    more: bool = False
    page: int = 1
    pages: int = 1


def midnight(day: date) -> datetime:
    """Return the moment at which a day begins."""
    return datetime.combine(day, time(), UTC)
