"""How the database's schema compares with the migrations of this code."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto

import click
import flask_migrate
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError

from app.extensions import db


@contextmanager
def told_plainly() -> Iterator[None]:
    """Roll back and raise ClickException with the reason when the database fails a command."""
    try:
        yield
    except DBAPIError as error:
        db.session.rollback()
        raise click.ClickException(in_words(error)) from error


def in_words(error: DBAPIError) -> str:
    """Return why the database cannot be used."""
    reason = str(error.orig).strip().splitlines()[0]
    return str(_("Cannot use the database: %(reason)s", reason=reason))


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
    scripts = migrations()
    if not kept:
        return SchemaState.EMPTY
    if set(kept) == set(scripts.get_heads()):
        return SchemaState.CURRENT
    return SchemaState.BEHIND if all(knows(name) for name in kept) else SchemaState.NEWER


def upgrade_schema() -> None:
    """Apply the migrations that the database lacks."""
    flask_migrate.upgrade()


def migrations() -> ScriptDirectory:
    """Return the migrations of this code."""
    return ScriptDirectory.from_config(current_app.extensions["migrate"].migrate.get_config())


def knows(revision: str) -> bool:
    """Tell whether this code has the migration `revision`."""
    try:
        return migrations().get_revision(revision) is not None
    except CommandError:
        return False
