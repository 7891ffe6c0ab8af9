"""What stands on the search page in words: kinds, filters, and where a hit leads."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from app.blueprints.search.asked import Asked
from app.lib.clock import local, now
from app.lib.search_snippet import Marked
from app.models import folder_of
from app.queries.search import Hit
from app.templating import ago_at, date_words_at, day, kind_label

TABS = ("discussion", "comment", "wiki", "file", "person")
"""The kinds that have a view of their own."""
NAMED = frozenset({"person", "tag", "theme", "group"})
"""What is found by its name, and stands above the texts."""


class Chip(NamedTuple):
    """Something by which a search was narrowed: the name of the filter, its value, and what it says."""

    name: str
    text: str


def chips(asked: Asked) -> list[Chip]:
    """Return a chip for each filter in use."""
    said = {
        "type": kind_label(asked.type, many=True) if asked.type and asked.type not in TABS else "",
        "theme": asked.theme and _("Theme: %(name)s", name=asked.theme.name),
        "group": asked.group and _("Group: %(name)s", name=asked.group.name),
        "author": asked.author and _("By %(name)s", name=asked.author.name),
        "tag": asked.tag and _("Keyword: %(name)s", name=asked.tag.name),
        "since": asked.since and since_in_words(asked),
        "seen": {"no": _("Not read yet"), "yes": _("Read before")}.get(asked.seen),
        "archived": asked.archived and _("In the bin"),
    }
    return [Chip(name, text) for name, text in said.items() if text]


def since_in_words(asked: Asked) -> str:
    """Return the period of a search in words."""
    periods = {
        "week": _("The last week"), "month": _("The last month"), "year": _("The last year"),
    }  # fmt: skip
    if asked.since in periods or asked.day is None:
        return str(periods.get(asked.since, ""))
    return str(_("Since %(date)s", date=day(asked.day)))


class Ref(NamedTuple):
    """What an address needs of a thing."""

    id: int
    slug: str


UNNAMED = Ref(0, "")
BY_SLUG = {"tag": "themes.tag", "theme": "themes.show", "group": "groups.show"}
BY_REF = {"person": "people.show", "file": "attachments.show"}


def addresses() -> Callable[[Hit], str]:
    """Return what tells where the hits of a page lead; how an address begins is asked once."""
    begin = cache(beginning)

    def address_of(hit: Hit) -> str:
        if hit.kind == "comment":
            return f"{begin('comments.show', comment_id=0)}{hit.id}"
        if hit.kind == "page":
            return url_for("pages.show", name=hit.slug)
        if hit.kind in BY_SLUG:
            return f"{begin(BY_SLUG[hit.kind], slug=0)}{hit.slug}"
        view = BY_REF.get(hit.kind) or f"{folder_of(hit.kind)}.show"
        return f"{begin(view, ref=UNNAMED)}{hit.id}-{hit.slug}"

    return address_of


def beginning(view: str, **some: Any) -> str:
    """Return an address up to what differs, which is the last of it and begins with 0 here.

    No address of ours has a 0 or a hyphen right before that.
    """
    return url_for(view, **some).rstrip("0-")


class Line(NamedTuple):
    """What one line says of a text that was found; what it does not say is empty."""

    url: str
    title: Marked
    snippet: Marked
    states: tuple[str, ...]
    kind: str
    label: str
    author: str
    moment: str
    full: str
    ago: str
    where: str
    theme_url: str
    theme: str
    group_url: str
    group: str


def lines_of(hits: Iterable[Hit], address_of: Callable[[Hit], str]) -> Iterator[Line]:
    """Yield what the lines of these hits say; what more of them say is made once."""
    language, present = get_locale().language, now()
    label = cache(kind_label)
    theme_at = cache(partial(url_for, "themes.show"))
    group_at = cache(partial(url_for, "groups.show"))
    for hit in hits:
        states = ("hidden",) * hit.is_hidden + ("archived",) * hit.is_archived
        at = hit.at
        yield Line(
            url=address_of(hit), title=hit.title, snippet=hit.snippet, states=states,
            kind=hit.kind, label=label(hit.kind), author=hit.author_name,
            moment=at.isoformat(timespec="seconds") if at else "",
            full=f"{date_words_at(language, at)}, {local(at):%H:%M}" if at else "",
            ago=ago_at(at, present, language) if at else "",
            where=address_of_piece(hit) if hit.kind == "file" and hit.piece_id else "",
            theme_url=theme_at(slug=hit.theme_slug) if hit.theme_slug else "", theme=hit.theme_name,
            group_url=group_at(slug=hit.group_slug) if hit.group_slug else "", group=hit.group_name,
        )  # fmt: skip


def photo_of(hit: Hit) -> str | None:
    """Return the address of the photo of a person who was found, if the reader may see it."""
    ref = Ref(hit.id, hit.slug)
    return url_for("people.photo", ref=ref, v=hit.photo[:12]) if hit.photo else None


def address_of_piece(hit: Hit) -> str:
    """Return where the piece stands to which a reply or a document belongs."""
    return url_for(f"{folder_of(hit.piece_kind)}.show", ref=Ref(hit.piece_id or 0, hit.piece_slug))
