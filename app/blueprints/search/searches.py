"""What people look for, without who did: it tells the community manager what is missing."""

from datetime import date, timedelta

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import requires
from app.blueprints.search.room import bp
from app.lib import csv_export
from app.lib.clock import local, now
from app.policy import Ability
from app.queries.search import terms

PERIODS = (30, 90)
"""Over how many days searches can be looked at."""
SHOWN = 50
EXPORTED = 10_000


@bp.get("/searches")
@requires(Ability.SEE_SEARCHES)
def searches() -> ResponseReturnValue:
    """Show what was not found, and what is looked for most."""
    since = first_day()
    return render_template(
        "search/searches.html",
        in_vain=terms(since=since, in_vain=True, limit=SHOWN),
        most=terms(since=since, limit=SHOWN),
        days=days_asked(),
        periods=PERIODS,
    )


@bp.get("/searches.csv")
@requires(Ability.SEE_SEARCHES)
def searches_csv() -> ResponseReturnValue:
    """Give the same for a spreadsheet."""
    found = terms(since=first_day(), limit=EXPORTED)
    headers = [_("Searched for"), _("Times"), _("Times without result")]
    table = csv_export.write(((one.term, one.times, one.without_result) for one in found), headers)
    name = f"zoekwoorden-{local(now()):%Y-%m-%d}.csv"
    return Response(
        table,
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def days_asked() -> int:
    """Return over how many days the address asks; what cannot be chosen does not count."""
    asked = request.args.get("days", type=int)
    return asked if asked in PERIODS else PERIODS[0]


def first_day() -> date:
    """Return the first day of that period."""
    return local(now()).date() - timedelta(days=days_asked() - 1)
