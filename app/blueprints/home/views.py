"""The home page and the health check."""

import logging
from typing import Any

from flask import jsonify, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.access import public, requires
from app.blueprints.home.errands import errands
from app.blueprints.home.room import bp
from app.blueprints.home.setting_up import steps
from app.extensions import db, reader
from app.list_parts import lines_of
from app.policy import Ability
from app.queries.attention import attention
from app.queries.discussions import overdue_since
from app.queries.home import Home, home_of

logger = logging.getLogger(__name__)


@bp.get("/")
@requires(Ability.READ)
def index() -> ResponseReturnValue:
    """Show what waits for who keeps the community going, and what goes on in it."""
    counts = attention(reader())
    home = home_of(reader())
    return render_template(
        "home/index.html",
        home=home,
        lines=lines(home),
        keeps=bool(counts),
        errands=errands(counts),
        steps=[] if home else steps(counts, has_themes=bool(home.themes)),
        themes=home.themes,
    )


def lines(home: Home) -> dict[str, tuple[Any, ...]]:
    """Return what the sections say."""
    waiting = lines_of([wait.row for wait in home.waiting], overdue_since())
    return {
        "featured": lines_of(home.featured),
        "followed": lines_of(home.followed),
        "waiting": tuple(zip(waiting, (wait.days for wait in home.waiting), strict=True)),
        "newest": lines_of(home.newest),
        "in_groups": lines_of(home.in_groups),
    }


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
