"""The queue: cases of reports that wait for a moderator, and what became of earlier ones."""

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import Select

from app.access import requires, with_case
from app.blueprints.moderation.case_pages import page_of
from app.blueprints.moderation.room import bp
from app.forms import tidy_line
from app.lib.keyset import BadCursorError
from app.models import Case
from app.policy import Ability
from app.queries import cases as queries
from app.queries.cases import View
from app.queries.moderation import Newest, Page
from app.reporting import reason_label

VIEWS: dict[View, LazyString] = {
    View.ALL: _l("All reports"),
    View.MINE: _l("Mine"),
    View.FREE: _l("Nobody has it"),
    View.LATE: _l("Too late"),
    View.ESCALATED: _l("Before the manager"),
}


@bp.get("/moderation")
@requires(Ability.HANDLE_REPORTS)
def queue() -> ResponseReturnValue:
    """List what waits, oldest first; or with `?state=closed` what was closed."""
    asked = tidy_line(request.args.get("state"))
    if asked == "closed":
        return closed()
    view = View(asked) if asked in set(View) else View.ALL
    found = queries.with_subjects(queries.seen_as(current_user, view))
    return render_template(
        "moderation/queue.html", page=read(queries.WAITING, found), view=view,
        counts=queries.counts(current_user), views=VIEWS, reason_label=reason_label,
        url=lambda **values: url_for(".queue", state=view, **values),
    )  # fmt: skip


def closed() -> ResponseReturnValue:
    """List the cases that were closed, newest first."""
    found = queries.with_subjects(queries.closed(current_user))
    page = read(queries.CLOSED, found)
    return render_template("moderation/closed.html", page=page, reason_label=reason_label)


def read(listing: Newest[Case], found: Select[Case]) -> Page[Case]:
    """Read the page of a list that the address asks for."""
    try:
        return listing.page(found, request.args.get("after"), request.args.get("before"))
    except BadCursorError:
        abort(404)


@bp.get("/moderation/cases/<id:case_id>")
@with_case(Ability.HANDLE_REPORTS)
def case(case: Case) -> ResponseReturnValue:
    """Show a case: what was reported, by whom and why, and what was done about it."""
    return page_of(case)
