"""Following a theme."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import with_theme
from app.blueprints.themes.room import bp
from app.extensions import db
from app.lib import htmx
from app.models import Theme, ThemeLevel
from app.policy import Ability
from app.queries.following import follows_of
from app.services.following import follow_theme, unfollow_theme

LEVELS = {"0": None, "1": ThemeLevel.HOME, "new": ThemeLevel.NEW}
"""What a form says, and of what one hears then."""


@bp.post("/themes/<slug:slug>/follow")
@with_theme(Ability.FOLLOW_THEME)
def follow(theme: Theme) -> ResponseReturnValue:
    """See what is new in a theme on one's home page, hear of it as well, or no longer."""
    wish = request.form.get("following", "")
    if wish not in LEVELS:
        abort(400)
    level = LEVELS[wish]
    if level is None:
        unfollow_theme(current_user, theme)
    else:
        follow_theme(current_user, theme, level)
    said = followed(theme, level)
    if htmx.is_htmx(request):
        level, followers = db.session.execute(follows_of(theme, current_user)).one()
        return render_template(
            "themes/follow.htmx.html", theme=theme, level=level, followers=followers, said=said
        )
    flash(said, "ok")
    if "list" in request.form:
        return redirect(url_for("account.following"), 303)
    return redirect(url_for(".show", slug=theme.slug), 303)


def followed(theme: Theme, level: ThemeLevel | None) -> str:
    """Tell of what one hears from now on."""
    match level:
        case ThemeLevel.HOME:
            text = _("You follow %(name)s now.", name=theme.name)
        case ThemeLevel.NEW:
            text = _("You follow %(name)s now, and hear of each new piece.", name=theme.name)
        case None:
            text = _("You no longer follow %(name)s.", name=theme.name)
    return str(text)
