"""Keywords: which there are, and what stands under one."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.access import requires
from app.blueprints.themes.room import bp
from app.blueprints.themes.views import asked_page
from app.extensions import db
from app.lib.keyset import BadCursorError
from app.policy import Ability, can
from app.queries.listing import has_tag, listed
from app.queries.tags import page_of, tag_formerly, tag_known_to, unused


@bp.get("/tags")
@requires(Ability.READ)
def tags() -> ResponseReturnValue:
    """Show the keywords in use, with how many pieces the reader finds under each."""
    try:
        page = page_of(current_user, request.args.get("after"), request.args.get("before"))
    except BadCursorError:
        abort(404)
    manages = can(current_user, Ability.MANAGE_KEYWORDS)
    idle = db.session.scalars(unused()).all() if manages else []
    return render_template("themes/tags.html", page=page, unused=idle)


@bp.get("/tags/<slug:slug>")
@requires(Ability.READ)
def tag(slug: str) -> ResponseReturnValue:
    """Show the pieces of all types with a keyword; 404 where the reader can see none.

    The address of a name that it had before leads on to the present one.
    """
    found = db.session.scalar(tag_known_to(current_user, slug))
    if found is None:
        return moved(slug)
    page = asked_page(listed(current_user).where(has_tag(found.slug)))
    return render_template("themes/tag.html", tag=found, page=page)


def moved(slug: str) -> ResponseReturnValue:
    """Lead on from an old name; 404 where there is none that the reader may know of."""
    now_called = db.session.scalar(tag_formerly(current_user, slug))
    if now_called is None:
        abort(404)
    query = request.query_string.decode("ascii", "replace")
    path = url_for(".tag", slug=now_called.slug)
    return redirect(f"{path}?{query}" if query else path, 301)
