"""Whom and what one follows."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.access import requires
from app.blueprints.account.room import bp
from app.extensions import db
from app.lib.keyset import BadCursorError
from app.policy import Ability
from app.queries.following import BY_FOLLOW, people_followed, pieces_followed, themes_followed
from app.queries.listing import page_of


@bp.get("/account/following")
@requires(Ability.READ)
def following() -> ResponseReturnValue:
    """List the people, the themes and the pieces that one follows, with a way to change that."""
    after, before = request.args.get("after"), request.args.get("before")
    try:
        page = page_of(pieces_followed(current_user), BY_FOLLOW, after, before)
    except BadCursorError:
        abort(404)
    return render_template(
        "account/following.html",
        people=db.session.scalars(people_followed(current_user)).all(),
        themes=db.session.execute(themes_followed(current_user)).all(),
        page=page,
    )
