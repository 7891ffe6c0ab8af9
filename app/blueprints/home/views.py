"""The home page and the health check."""

import logging

from flask import jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.access import public, requires
from app.blueprints.home.errands import errands
from app.blueprints.home.room import bp
from app.blueprints.home.setting_up import steps
from app.extensions import db
from app.policy import Ability
from app.queries.attention import attention
from app.queries.discussions import overdue_since
from app.queries.home import home_of
from app.queries.themes import themes

logger = logging.getLogger(__name__)


@bp.get("/")
@requires(Ability.READ)
def index() -> ResponseReturnValue:
    """Show what waits for who keeps the community going, and what goes on in it."""
    counts = attention(current_user)
    in_use = db.session.scalars(themes()).all()
    home = home_of(current_user)
    return render_template(
        "home/index.html",
        home=home,
        keeps=bool(counts),
        errands=errands(counts),
        steps=[] if home else steps(counts, has_themes=bool(in_use)),
        themes=in_use,
        overdue=overdue_since(),
    )


@bp.get("/health")
@public
def health() -> ResponseReturnValue:
    """Tell a monitor whether the product and its database work; 503 when not."""
    try:
        db.session.execute(text("SELECT 1 FROM users WHERE id = 0"))
    except SQLAlchemyError:
        logger.exception("the database does not answer")
        db.session.rollback()
        return jsonify(status="error", database="unavailable"), 503
    return jsonify(status="ok", database="ok")
