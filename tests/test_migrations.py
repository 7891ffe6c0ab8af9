"""The migrations lead to exactly what the models describe."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import current_app

from app.cli.schema import SchemaState, schema_state
from app.extensions import db

pytestmark = pytest.mark.usefixtures("app_context")


def test_migrations_make_what_the_models_describe() -> None:
    options = current_app.extensions["migrate"].configure_args
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        differences = compare_metadata(context, db.metadata)
    assert not differences, "run: flask db migrate -m '...'"


def test_migrations_leave_no_rows() -> None:
    with db.engine.connect() as connection:
        filled = [
            table.name
            for table in db.metadata.sorted_tables
            if connection.execute(table.select().limit(1)).first()
        ]
    assert not filled, (
        "tests/databases.py empties PostgreSQL's tables: rows must come from elsewhere"
    )


def test_a_database_that_this_code_made_is_current() -> None:
    assert schema_state() is SchemaState.CURRENT
