"""The card with the first steps, on the home page."""

from flask import Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import requires
from app.blueprints.welcome.room import bp
from app.lib import htmx
from app.policy import Ability
from app.services import first_steps


@bp.post("/welcome/steps/close")
@requires(Ability.READ)
def close_steps() -> ResponseReturnValue:
    """Show the first steps no more; htmx takes the card away."""
    first_steps.close(current_user)
    if htmx.is_htmx(request):
        return Response()
    flash(_("The first steps are put away."), "ok")
    return htmx.see_other(request, url_for("home.index"))
