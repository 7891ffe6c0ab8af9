"""Standing pages."""

from functools import cache
from pathlib import Path

from flask import Blueprint, abort, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.access import public
from app.blueprints.pages.rights import table
from app.lib.markdown import render

bp = Blueprint("pages", __name__)

TITLES = {
    "house-rules": _l("House rules"),
    "help": _l("Help"),
    "about": _l("About Kring"),
    "privacy": _l("Privacy"),
    "accessibility": _l("Accessibility"),
}


@bp.get("/pages/<name>")
@public
def show(name: str) -> ResponseReturnValue:
    """Show a standing page, also to who has not signed in."""
    if name == "who-may-what":
        return render_template("pages/who_may_what.html", table=table())
    if name not in TITLES:
        abort(404)
    file = Path(current_app.root_path) / "templates" / "pages" / f"{name}.md"
    return render_template("pages/show.html", title=TITLES[name], html=html_of(file))


@cache
def html_of(file: Path) -> str:
    """Render one of our own texts, once."""
    return render(file.read_text()).html
