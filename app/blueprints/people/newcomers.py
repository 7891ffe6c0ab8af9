"""Who is new, how far they came on their first day, and whether someone answered them."""

from math import ceil

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.access import requires
from app.blueprints.people.room import bp
from app.extensions import db
from app.policy import Ability
from app.queries.newcomers import NEW_DAYS, PAGE, newcomers, number_of_newcomers
from app.services.welcome import stage_of

PERIODS = (30, 60, 90)


@bp.get("/people/newcomers", endpoint="newcomers")
@requires(Ability.SEE_NEWCOMERS)
def index() -> ResponseReturnValue:
    """List newcomers: those whose first post waits for an answer on top."""
    days = request.args.get("days", NEW_DAYS, type=int)
    number = request.args.get("page", 1, type=int)
    if days not in PERIODS:
        abort(404)
    total = db.session.scalar(number_of_newcomers(days)) or 0
    pages = ceil(total / PAGE)
    if not 1 <= number <= max(1, pages):
        abort(404)
    return render_template(
        "people/newcomers.html",
        rows=db.session.execute(newcomers(current_user, days, number)).all(),
        stage_of=stage_of,
        total=total,
        days=days,
        periods=PERIODS,
        page=number,
        pages=pages,
        page_url=lambda n: url_for(".newcomers", days=days, page=n),
    )
