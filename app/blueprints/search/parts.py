"""The parts around what was found, kept (app.fragments): the question itself is put into them."""

from collections.abc import Iterable, Mapping

from flask import url_for
from markupsafe import Markup

from app.blueprints.search.asked import BEST, PERIODS, Asked, narrower
from app.blueprints.search.labels import TABS, Chip
from app.extensions import reader
from app.fragments import fragment
from app.queries.search import Results
from app.queries.search_choices import Choice


def form_of(asked: Asked) -> Markup:
    """Return the form, with all by which a search can be narrowed."""
    given = {
        "themes": pairs(asked.choices.themes), "groups": pairs(asked.choices.groups),
        "theme": asked.theme and asked.theme.slug, "group": asked.group and asked.group.slug,
        "kind": asked.type, "tag": asked.tag and asked.tag.slug, "since": asked.since,
        "order": asked.order if asked.order != BEST else "", "seen": asked.seen,
        "since_day": asked.day if asked.since not in PERIODS else None,
        "archived": asked.archived,
        "has_bin": asked.archived or bool(reader().specialist_theme_ids),
        "is_wrong": bool(asked.problems), "asks": bool(asked.text),
    }  # fmt: skip
    slots = {
        "text": asked.text, "author": asked.author.name if asked.author else asked.writer,
        "problem": asked.problems.get("author", ""),
    }  # fmt: skip
    return fragment("search/_form.html", given, slots=slots)


def pairs(found: Iterable[Choice]) -> tuple[tuple[str, str], ...]:
    """Return choices as the form offers them: pairs of value and label."""
    return tuple((one.slug, one.name) for one in found)


def tabs_of(asked: Asked, chips: list[Chip]) -> Markup:
    """Return the kinds of results, and by what they were narrowed."""
    given = {"narrowing": asked.narrowing, "kind": asked.type, "chips": tuple(chips)}
    return part("search/_tabs.html", asked, given)


def pages_of(asked: Asked, results: Results) -> Markup:
    """Return the links to the other pages of results."""
    given = {"narrowing": asked.narrowing, "page": results.page, "pages": results.pages}
    return part("search/_pages.html", asked, given)


def part(template: str, asked: Asked, given: Mapping[str, object]) -> Markup:
    """Return a part with addresses of this search: each begins with the question."""
    here = url_for("search.index", q=asked.query.text)
    made_with = {"narrower": narrower, "tabs": TABS}
    return fragment(template, given, slots={"here": here}, make=lambda: made_with)
