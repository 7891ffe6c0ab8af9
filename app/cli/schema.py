"""How the database's schema compares with the migrations of this code."""

from enum import Enum, auto

import flask_migrate
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask import current_app

from app.extensions import db


class SchemaState(Enum):
    """The state of the schema, seen from this code."""

    EMPTY = auto()
    BEHIND = auto()
    CURRENT = auto()
    NEWER = auto()


def schema_state() -> SchemaState:
    """Compare the revision kept in the database with the migrations.

    Raises sqlalchemy.exc.OperationalError when the database cannot be reached.
    """
    with db.engine.connect() as connection:
        kept = MigrationContext.configure(connection).get_current_heads()
    scripts = ScriptDirectory.from_config(current_app.extensions["migrate"].migrate.get_config())
    if not kept:
        return SchemaState.EMPTY
    if set(kept) == set(scripts.get_heads()):
        return SchemaState.CURRENT
    return SchemaState.BEHIND if all(_known(scripts, name) for name in kept) else SchemaState.NEWER


def upgrade_schema() -> None:
    """Apply the migrations that the database lacks."""
    flask_migrate.upgrade()


def _known(scripts: ScriptDirectory, revision: str) -> bool:
    try:
        return scripts.get_revision(revision) is not None
    except CommandError:
        return False
