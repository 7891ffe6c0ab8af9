"""The objections that wait for someone who may decide, and what became of earlier ones."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.access import requires
from app.blueprints.decisions.room import bp
from app.blueprints.decisions.texts import measure_label
from app.extensions import db
from app.lib.keyset import BadCursorError
from app.models import Appeal
from app.policy import Ability
from app.queries import decisions as queries

DECIDED = "decided"


@bp.get("/moderation/appeals")
@requires(Ability.DECIDE_APPEAL)
def appeals() -> ResponseReturnValue:
    """List what waits, oldest first; or with `?view=decided` what was decided, newest first."""
    if request.args.get("view") == DECIDED:
        return decided()
    waiting = queries.with_decision(queries.waiting(current_user)).order_by(Appeal.id)
    rows = db.session.scalars(waiting.limit(queries.DECISIONS_A_PAGE)).all()
    return render_template("decisions/appeals.html", rows=rows, measure_label=measure_label)


def decided() -> ResponseReturnValue:
    """List what was decided, newest first."""
    found = queries.with_decision(queries.decided(current_user))
    try:
        page = queries.APPEALS.page(found, request.args.get("after"), request.args.get("before"))
    except BadCursorError:
        abort(404)
    return render_template("decisions/decided.html", page=page, measure_label=measure_label)
