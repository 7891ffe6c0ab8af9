"""The room itself: the views of its other modules hang in it."""

from flask import Blueprint

from app.site import forget_site

bp = Blueprint("settings", __name__)


@bp.before_request
def read_anew() -> None:
    """Look at the settings as they are: another process may have changed them just now.

    A form that shows what was would bring it back when it is sent.
    """
    forget_site()
