"""The house rules before anything else: who has yet to accept them is led to them, from anywhere."""

import json

from flask import Response, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.access import DECLARED
from app.blueprints.welcome.forms import AgreeForm
from app.blueprints.welcome.room import bp
from app.blueprints.welcome.rules import rules_page
from app.errors import in_place, kept_fields
from app.extensions import SAFE_METHODS
from app.lib import htmx
from app.services.welcome import has_agreed

HOME = "home.index"
# Besides what is public: the rules and what changed in them, and the photo on top of every page.
OPEN = frozenset(
    {
        "welcome.index", "welcome.agree", "welcome.decline", "pages.history", "pages.version",
        "pages.compare", "pages.diff", "people.photo",
    }
)  # fmt: skip


@bp.before_app_request
def welcome_first() -> ResponseReturnValue | None:
    """Answer in place of the view for who did not accept the rules. It costs no statement.

    The home page also leads on who did not finish their first day; other pages let them follow a
    link from a mail.
    """
    if is_open() or not current_user.is_authenticated:
        return None
    if has_agreed(current_user):
        unfinished = current_user.welcomed_at is None and request.endpoint == HOME
        return redirect(url_for("welcome.index"), 303) if unfinished else None
    return to_the_rules() if request.method in SAFE_METHODS else keep_and_ask()


def is_open() -> bool:
    """Tell whether this view is there for everyone, or for who has yet to accept the rules."""
    name = request.endpoint or ""
    view = current_app.view_functions.get(name)
    return view is None or name in OPEN or getattr(view, DECLARED, "") == "public"


def to_the_rules() -> ResponseReturnValue:
    """Lead to the rules, and from there on to where the person was going."""
    if not htmx.is_htmx(request):
        there = None if request.endpoint == HOME else request.full_path.rstrip("?")
        return redirect(url_for("welcome.index", next=there), 303)
    path = url_for("welcome.index", next=htmx.page_path(request))
    return htmx.hx_redirect(Response(status=204), path)


def keep_and_ask() -> ResponseReturnValue:
    """Answer with the rules; what the person had written waits behind them, to be sent after."""
    kept = json.dumps({"path": request.full_path.rstrip("?"), "fields": kept_fields()})
    return in_place(rules_page(AgreeForm(formdata=None, kept=kept)), 409)
