"""What stands on the search page in words: kinds, filters, and where a hit leads."""

from types import SimpleNamespace
from typing import NamedTuple

from flask import url_for
from flask_babel import gettext as _

from app.blueprints.search.asked import Asked
from app.models import folder_of
from app.queries.search import Hit
from app.templating import day, kind_label

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


def address_of(hit: Hit) -> str:
    """Return where a hit leads: a reply to its place in its piece, a document to its file."""
    ref = SimpleNamespace(id=hit.id, slug=hit.slug)
    match hit.kind:
        case "comment":
            return url_for("comments.show", comment_id=hit.id)
        case "person":
            return url_for("people.show", ref=ref)
        case "tag":
            return url_for("themes.tag", slug=hit.slug)
        case "theme":
            return url_for("themes.show", slug=hit.slug)
        case "group":
            return url_for("groups.show", slug=hit.slug)
        case "file":
            return url_for("attachments.show", ref=ref)
        case "page":
            return url_for("pages.show", name=hit.slug)
    return url_for(f"{folder_of(hit.kind)}.show", ref=ref)


def address_of_piece(hit: Hit) -> str:
    """Return where the piece stands to which a reply or a document belongs."""
    ref = SimpleNamespace(id=hit.piece_id, slug=hit.piece_slug)
    return url_for(f"{folder_of(hit.piece_kind)}.show", ref=ref)
