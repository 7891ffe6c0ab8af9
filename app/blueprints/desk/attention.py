"""The queue: what waits for an answer, oldest first, and what else someone waits for."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from app.access import requires, with_content
from app.blueprints.desk import rows
from app.blueprints.desk.elsewhere import lines
from app.blueprints.desk.room import bp
from app.extensions import db
from app.lib.keyset import BadCursorError
from app.models import Discussion
from app.policy import Ability
from app.queries import desk
from app.queries.desk import View
from app.queries.desk_counts import counts_for, started_lately
from app.queries.listing import Page, page_of
from app.queries.templates import offered
from app.site import site


@bp.get("/desk/attention")
@requires(Ability.SEE_ATTENTION)
def attention() -> ResponseReturnValue:
    """Show a part of the queue."""
    wanted = request.args.get("view", View.ALL)
    if wanted not in list(View):
        abort(404)
    view = View(wanted)
    counts = counts_for(rows.me())
    try:
        page = part_of(view)
    except BadCursorError:
        abort(404)
    quiet = view is View.ALL and not started_lately(counts)
    return render_template(
        "desk/attention.html",
        view=view, View=View, page=page, found=rows.with_asked(page.rows), counts=counts,
        most=desk.MOST, lines=lines(counts), days=site().unanswered_days,
        stalled_days=desk.STALLED_DAYS, starters=offered("discussions") if quiet else (),
    )  # fmt: skip


def part_of(view: View) -> Page:
    """Read one page of the queue. Raises BadCursorError."""
    if view is View.RISING:
        return Page(db.session.execute(desk.rising(rows.me())).all(), None, None)
    found, order = desk.queue(rows.me(), view)
    return page_of(found, order, request.args.get("after"), request.args.get("before"))


@bp.get("/desk/attention/<id:content_id>")
@with_content(Discussion, Ability.SEE_ATTENTION)
def piece(content: Discussion) -> ResponseReturnValue:
    """Show what waits of one piece; what came of it when nothing does."""
    return rows.shown(content, "")
