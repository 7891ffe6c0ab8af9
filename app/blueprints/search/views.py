"""Searching all that one may read."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.access import requires
from app.blueprints.search.asked import ORDERS, Asked, read_address
from app.blueprints.search.labels import NAMED, addresses, chips, lines_of, photo_of
from app.blueprints.search.parts import form_of, pages_of, tabs_of
from app.blueprints.search.room import bp
from app.extensions import db, reader
from app.lib import htmx
from app.lib.search_query import LONGEST, parse
from app.policy import Ability
from app.queries.search import Results, search, suggest_spelling
from app.queries.tags import most_used
from app.services.searches import searched

MOST_FIELDS = 20


@bp.get("/search")
@requires(Ability.READ)
def index() -> ResponseReturnValue:
    """Show what was found; a fragment has the results only, for who is still typing."""
    asked = read_address(request.args, reader())
    page = found(asked) if asked.query and not asked.problems else beginning(asked)
    name = "search/index.htmx.html" if htmx.is_htmx(request) else "search/index.html"
    html = render_template(name, asked=asked, form_of=form_of, longest=LONGEST, chips=chips(asked),
                           **page)  # fmt: skip
    answer = make_response(html, 422 if asked.problems else 200)
    return with_address(answer, asked) if htmx.is_htmx(request) else answer


def found(asked: Asked) -> dict[str, Any]:
    """Search; return what the page shows of it."""
    results = search(
        reader(), asked.query, asked.narrowed(), order=ORDERS[asked.order], page=asked.page
    )
    if is_new(asked):
        searched(asked.query, results)
    address_of = addresses()
    texts = (hit for hit in results.hits if hit.kind not in NAMED)
    return {
        "results": results,
        "names": [hit for hit in results.hits if hit.kind in NAMED],
        "texts": list(lines_of(texts, address_of)),
        "meant": meant(asked, results),
        "address_of": address_of,
        "photo_of": photo_of,
        "tabs_of": tabs_of,
        "pages_of": pages_of,
    }


def meant(asked: Asked, results: Results) -> str:
    """Return how the question was perhaps meant, when nothing was found."""
    return "" if results.total else suggest_spelling(reader(), asked.query)


def beginning(asked: Asked) -> dict[str, Any]:
    """Return what the page shows before anything was asked."""
    empty = not asked.text.strip()
    return {"keywords": db.session.execute(most_used(reader())).all() if empty else []}


def is_new(asked: Asked) -> bool:
    """Tell whether someone sent a question, and does not only type, turn a page or narrow it."""
    if htmx.is_htmx(request):
        return False
    came_from = urlsplit(request.referrer or "")
    if came_from.path != request.path:
        return True
    try:
        before = parse_qs(came_from.query, max_num_fields=MOST_FIELDS).get("q", [""])[-1]
    except ValueError:
        return True
    return parse(before).folded != asked.query.folded


def with_address(answer: Response, asked: Asked) -> Response:
    """Let the address bar say what was asked, so that it can be kept and passed on."""
    return htmx.replace_url(answer, url_for(".index", **asked.parameters()))
