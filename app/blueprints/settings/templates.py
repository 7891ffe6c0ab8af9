"""Texts to begin with are kept at a desk of their own."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from app.access import requires
from app.blueprints.settings.room import bp
from app.policy import Ability


@bp.get("/settings/templates")
@requires(Ability.MANAGE_TEMPLATES)
def templates() -> ResponseReturnValue:
    """Lead to the texts."""
    return redirect(url_for("templates.index"), 303)
