"""Colleagues, pages of the wiki and keywords, by the first letters of a word of their names.

Each answers with a part of a page: the options of a list that stands under the text.
"""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.access import requires
from app.blueprints.suggest.room import bp
from app.extensions import db
from app.policy import Ability
from app.queries import suggestions
from app.services.links import STABLE, linkable


@bp.get("/suggest/people")
@requires(Ability.SEE_PEOPLE)
def people() -> ResponseReturnValue:
    """Offer whom `@` can name."""
    found = suggestions.people(current_user, asked())
    return render_template("suggest/_people.html", people=db.session.execute(found).all())


@bp.get("/suggest/pages")
@requires(Ability.READ)
def pages() -> ResponseReturnValue:
    """Offer the pages of the wiki to which `[[` can lead."""
    found = suggestions.pages(current_user, linkable(), asked())
    return render_template(
        "suggest/_pages.html", pages=db.session.execute(found).all(), stable=STABLE
    )


@bp.get("/suggest/tags")
@requires(Ability.READ)
def tags() -> ResponseReturnValue:
    """Offer the keywords that are in use, so that one thing does not get two names."""
    found = suggestions.keywords(current_user, asked())
    return render_template("suggest/_tags.html", tags=db.session.execute(found).all())


def asked() -> str:
    """Return what was typed so far."""
    return request.args.get("q", "")
