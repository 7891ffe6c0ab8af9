"""Themes: what there is about a sub-area of the profession."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.access import with_theme
from app.blueprints.themes.room import bp
from app.extensions import db
from app.lib.keyset import BadCursorError
from app.models import Content, Theme
from app.policy import Ability
from app.queries.discussions import discussions
from app.queries.following import follows_of
from app.queries.listing import BY_ACTIVITY, Page, Rows, page_of
from app.queries.themes import pages_in, specialists


@bp.get("/themes/<slug:slug>")
@with_theme(Ability.READ)
def show(theme: Theme) -> ResponseReturnValue:
    """Show a theme: what it is about, its discussions, its wiki, who knows it well."""
    level, followers = db.session.execute(follows_of(theme, current_user)).one()
    return render_template(
        "themes/show.html",
        theme=theme,
        page=asked_page(discussions(current_user).where(Content.theme_id == theme.id)),
        specialists=db.session.scalars(specialists(theme)).all(),
        level=level,
        followers=followers,
        wiki_pages=db.session.scalar(pages_in(theme, current_user)),
    )


def asked_page(query: Rows) -> Page:
    """Return the page of a list that the address asks for; 404 for a broken cursor."""
    try:
        return page_of(query, BY_ACTIVITY, request.args.get("after"), request.args.get("before"))
    except BadCursorError:
        abort(404)
