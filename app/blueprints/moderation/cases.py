"""The queue: cases of reports that wait for a moderator, and what became of earlier ones."""

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import requires, with_case
from app.blueprints.moderation.forms import SettleForm
from app.blueprints.moderation.room import bp
from app.extensions import db
from app.lib.keyset import BadCursorError
from app.models import UNDER_WAY, Case, CaseState
from app.policy import Ability
from app.queries import cases as queries
from app.services import cases


@bp.get("/moderation")
@requires(Ability.HANDLE_REPORTS)
def queue() -> ResponseReturnValue:
    """List what waits, oldest first; or with `?state=closed` what was closed."""
    if request.args.get("state") == "closed":
        return closed()
    waiting = queries.with_all(queries.waiting(current_user)).order_by(Case.id)
    found = db.session.scalars(waiting.limit(queries.CASES_A_PAGE)).all()
    return render_template("moderation/queue.html", cases=found)


def closed() -> ResponseReturnValue:
    """List the cases that were closed, newest first."""
    try:
        page = queries.CLOSED.page(
            queries.with_all(queries.closed(current_user)),
            request.args.get("after"),
            request.args.get("before"),
        )
    except BadCursorError:
        abort(404)
    return render_template("moderation/closed.html", page=page)


@bp.get("/moderation/cases/<id:case_id>")
@with_case(Ability.HANDLE_REPORTS)
def case(case: Case) -> ResponseReturnValue:
    """Show a case: what was reported, by whom and why, and what was done about it."""
    return render_template("moderation/case.html", case=case, form=SettleForm(formdata=None))


@bp.post("/moderation/cases/<id:case_id>/close")
@with_case(Ability.HANDLE_REPORTS)
def close(case: Case) -> ResponseReturnValue:
    """Close a case, with an answer to all who reported."""
    form = SettleForm()
    if case.state in UNDER_WAY and not form.validate_on_submit():
        return make_response(render_template("moderation/case.html", case=case, form=form), 422)
    decision = form.decision.data
    state = CaseState.REJECTED if decision == "dismissed" else CaseState.RESOLVED
    reason = (form.reason.data or "").strip() if decision == "hide" else ""
    outcome = (form.outcome.data or "").strip()
    if not cases.close(case, current_user, state, outcome, hide_because=reason):
        flash(_("This has been handled"), "info")
        return redirect(url_for(".case", case_id=case.id), 303)
    flash(_("Handled. Those who reported it get your answer."), "ok")
    return redirect(url_for(".queue"), 303)
