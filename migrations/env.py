"""How Alembic reaches the database: through the application's own engine."""

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import MetaData
from sqlalchemy.types import TypeDecorator

extension = current_app.extensions["migrate"]
metadata: MetaData = extension.db.metadatas[None]


def render_item(kind: str, item: Any, _autogen: Any) -> str | bool:
    """Write our own column types as the plain types beneath: migrations know no models."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


def skip_empty(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """Make no migration when nothing has changed."""
    if (
        getattr(context.config.cmd_opts, "autogenerate", False)
        and directives[0].upgrade_ops.is_empty()
    ):
        directives[:] = []


with extension.db.engine.connect() as connection:
    # SQLite changes a table by making it anew: what refers to it must not be deleted along.
    sqlite = connection.dialect.name == "sqlite"
    driver: Any = connection.connection.driver_connection
    if sqlite:
        driver.execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=metadata,
        process_revision_directives=skip_empty,
        render_item=render_item,
        **extension.configure_args,
    )
    with context.begin_transaction():
        context.run_migrations()
    if sqlite:
        driver.execute("PRAGMA foreign_keys=ON")
