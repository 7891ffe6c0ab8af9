"""Keywords are kept in order where they stand."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from app.access import requires
from app.blueprints.settings.room import bp
from app.policy import Ability


@bp.get("/settings/keywords")
@requires(Ability.MANAGE_KEYWORDS)
def keywords() -> ResponseReturnValue:
    """Lead to the keywords: each has its own page, with the buttons to rename and to merge it."""
    return redirect(url_for("themes.tags"), 303)
