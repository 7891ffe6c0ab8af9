"""How the database's schema compares with the migrations of this code."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto

import click
from flask_babel import gettext as _
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from app.config import ROOT
from app.extensions import db

MIGRATIONS = ROOT / "migrations"


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
        kept = kept_revision(connection)
    known = revisions()
    if kept is None:
        return SchemaState.EMPTY
    if kept == max(known):
        return SchemaState.CURRENT
    return SchemaState.BEHIND if kept in known else SchemaState.NEWER


def kept_revision(connection: Connection) -> str | None:
    """Return the migration that a database has come to; None when it has had none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    kept: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return kept


def revisions() -> set[str]:
    """Return the migrations of this code: the number with which the name of each file begins."""
    return {path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("*.py")}


def check_schema() -> None:
    """Raise ClickException unless the database fits this code."""
    with told_plainly():
        state = schema_state()
    if state is SchemaState.NEWER:
        raise click.ClickException(
            _("The database is newer than this code. Install the newer version of Kring again.")
        )
    if state is not SchemaState.CURRENT:
        raise click.ClickException(_("The database is not up to date. First run: flask db upgrade"))
