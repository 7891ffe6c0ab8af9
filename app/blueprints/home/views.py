"""The home page and the health check."""

import logging

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.access import public, requires
from app.extensions import db
from app.policy import Ability
from app.queries import home as queries
from app.queries.discussions import overdue_since
from app.queries.themes import themes

bp = Blueprint("home", __name__)
logger = logging.getLogger(__name__)


@bp.get("/")
@requires(Ability.READ)
def index() -> ResponseReturnValue:
    """Show what is new, what waits for an answer, what is featured, and what groups do."""
    return render_template(
        "home/index.html",
        newest=queries.newest(current_user),
        waiting=queries.waiting(current_user),
        featured=queries.featured(current_user),
        in_groups=queries.in_groups(current_user),
        themes=db.session.scalars(themes()).all(),
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
