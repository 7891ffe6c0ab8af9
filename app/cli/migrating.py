"""`flask db`, and the upgrade with which other commands begin: with Alembic, which serving does without."""

from typing import Any

import click
import flask_migrate
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import Migrate
from flask_migrate.cli import db as theirs  # type: ignore[import-not-found]  # not in its stubs

from app.cli.schema import MIGRATIONS
from app.extensions import db as database


def _is_a_model(name: str | None, kind: str, _parents: Any) -> bool:
    """Tell whether migrations compare this with the models: each database has its own text index."""
    return kind != "table" or not (name or "").startswith("search_index")


migrate = Migrate(
    db=database, directory=str(MIGRATIONS), render_as_batch=True, include_name=_is_a_model
)


@click.group("db", commands=theirs.commands, params=theirs.params)
@with_appcontext
def db(**options: Any) -> None:
    """Perform database migrations."""
    migrate.init_app(current_app)
    theirs.callback(**options)


def upgrade_schema() -> None:
    """Apply the migrations that the database lacks."""
    migrate.init_app(current_app)
    flask_migrate.upgrade()
