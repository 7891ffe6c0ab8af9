"""The room itself: the views of its other modules hang in it."""

from flask import Blueprint, abort

from app.queries import pages
from app.queries.pages import PageText

bp = Blueprint("pages", __name__)


def page_named(name: str) -> PageText:
    """Return the text of a page that holds now; 404 when there is no such page."""
    if name not in pages.NAMES:
        abort(404)
    return pages.current(name)


def version_of(name: str, number: int) -> PageText:
    """Return one version of a page; 404 when there is none of that number."""
    found = pages.version(name, number) if name in pages.NAMES else None
    if found is None:
        abort(404)
    return found
