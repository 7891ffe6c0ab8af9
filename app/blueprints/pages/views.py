"""Standing pages as everyone reads them, signed in or not."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.access import public
from app.blueprints.pages.rights import table
from app.blueprints.pages.room import bp, page_named
from app.blueprints.pages.watching import watchers
from app.lib.safe_redirect import safe_path
from app.queries.pages import RULES


@bp.get("/pages/<name>")
@public
def show(name: str) -> ResponseReturnValue:
    """Show a page; who came from elsewhere (`from`) can ask the manager about that place."""
    if name == "who-may-what":
        return render_template("pages/who_may_what.html", table=table(), watchers=watchers())
    came_from = safe_path(request.args.get("from"), "")
    return render_template("pages/show.html", text=page_named(name), came_from=came_from)


@bp.get("/pages/house-rules/poster")
@public
def poster() -> ResponseReturnValue:
    """Show the house rules as a poster, to print and hang up."""
    return render_template("pages/poster.html", text=page_named(RULES))
