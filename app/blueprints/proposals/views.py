"""Reading proposals: the lists, the page of one, and what became of their sources."""

from math import ceil

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.access import requires, with_content, with_proposal
from app.blueprints.proposals.room import bp
from app.blueprints.proposals.sheet import show_page
from app.extensions import db
from app.lib import htmx
from app.models import Content, Proposal
from app.policy import Ability, can
from app.queries import proposals as queries

VIEWS = {"": queries.waiting, "handled": queries.handled, "mine": queries.mine}


@bp.get("/proposals")
@requires(Ability.PROPOSE)
def index() -> ResponseReturnValue:
    """Show specialists what waits and what was decided in their themes, and everyone their own."""
    decides = can(current_user, Ability.WRITE_WIKI)
    view = request.args.get("view", "" if decides else "mine")
    if view not in VIEWS or (view != "mine" and not decides):
        abort(404)
    found = VIEWS[view](current_user)
    number = request.args.get("page", 1, type=int)
    pages = ceil((db.session.scalar(queries.number_of(found)) or 0) / queries.PAGE)
    if not 1 <= number <= max(1, pages):
        abort(404)
    return render_template(
        "proposals/index.html", rows=db.session.scalars(queries.one_page(found, number)).all(),
        view=view, decides=decides, page=number, pages=pages,
        page_url=lambda n: url_for(".index", view=view or None, page=n),
    )  # fmt: skip


@bp.get("/proposals/<id:proposal_id>")
@with_proposal(Ability.READ_PROPOSAL)
def show(proposal: Proposal) -> ResponseReturnValue:
    """Show a proposal: its text, what it changes, and what became of it."""
    return show_page(proposal)


@bp.get("/content/<id:content_id>/led-to")
@with_content(Content, Ability.READ)
def led_to(content: Content) -> ResponseReturnValue:
    """Show which wiki pages came from a piece."""
    pages = db.session.scalars(queries.led_to(current_user, content)).all()
    name = "proposals/led_to.htmx.html" if htmx.is_htmx(request) else "proposals/led_to.html"
    return render_template(name, content=content, pages=pages)
