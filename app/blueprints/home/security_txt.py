"""security.txt, where those who look for weaknesses find whom to tell."""

from flask import Response, abort, redirect
from flask.typing import ResponseReturnValue

from app.access import public
from app.blueprints.home.room import bp
from app.services import security_txt as service


@bp.get(service.ADDRESS)
@public
def security_txt() -> ResponseReturnValue:
    """Give the file; there is none as long as the settings name no contact."""
    text = service.present()
    if text is None:
        abort(404)
    return Response(text, content_type="text/plain; charset=utf-8")


@bp.get("/security.txt")
@public
def old_security_txt() -> ResponseReturnValue:
    """Lead on from where the file stood before there was a standard."""
    return redirect(service.ADDRESS, 303)
