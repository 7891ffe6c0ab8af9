"""What people search for has a page of its own, beside the search."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from app.access import requires
from app.blueprints.settings.room import bp
from app.policy import Ability


@bp.get("/settings/searches")
@requires(Ability.SEE_SEARCHES)
def searches() -> ResponseReturnValue:
    """Lead to what people search for."""
    return redirect(url_for("search.searches"), 303)
