"""The first page of the settings."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.access import requires
from app.blueprints.settings.room import bp
from app.blueprints.settings.sections import by_area
from app.policy import Ability


@bp.get("/settings")
@requires(Ability.OPEN_SETTINGS)
def index() -> ResponseReturnValue:
    """Show which sections there are for the reader."""
    return render_template("settings/index.html", areas=by_area())
