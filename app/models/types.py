"""Column types that behave alike on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import ColumnElement, DateTime, Enum, ForeignKey, Index, Text, text
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import mapped_column
from sqlalchemy.sql import coercions, roles
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC; SQLite knows no time zones, so there it is kept naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times: they would mean another moment on another machine."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Return the moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class unindexed(ColumnElement[Any]):  # noqa: N801  # reads as a function of SQL
    """A column in a condition for which SQLite must not choose an index.

    SQLite keeps no statistics here and thinks every equality narrow: it would gather half the table
    by group instead of walking a list in its order. PostgreSQL decides by its statistics.
    """

    inherit_cache = True

    def __init__(self, column: Any) -> None:
        self.column = coercions.expect(roles.ExpressionElementRole, column)
        self.type = self.column.type

    _traverse_internals = [("column", InternalTraversal.dp_clauseelement)]  # as SQLAlchemy reads it


@compiles(unindexed)
def _plain(element: unindexed, compiler: Any, **options: Any) -> str:
    text: str = compiler.process(element.column, **options)
    return text


@compiles(unindexed, "sqlite")
def _with_plus(element: unindexed, compiler: Any, **options: Any) -> str:
    return f"+{compiler.process(element.column, **options)}"


def where_named(table: str, column: str) -> Index:
    """Return an index of the rows in which a column that is mostly empty has a value."""
    filled = text(f"{column} IS NOT NULL")
    return Index(f"ix_{table}_{column}", column, sqlite_where=filled, postgresql_where=filled)


def enum_column(enum: type[StrEnum], **options: Any) -> Any:
    """Return a column that keeps the value of `enum` as text."""
    kind = Enum(
        enum,
        native_enum=False,
        length=20,
        values_callable=lambda members: [m.value for m in members],
    )
    return mapped_column(kind, **options)


Key = Annotated[int, mapped_column(primary_key=True)]
UserKey = Annotated[int, mapped_column(ForeignKey("users.id"), index=True)]
OptionalUserKey = Annotated[int | None, mapped_column(ForeignKey("users.id"))]
LongText = Annotated[str, mapped_column(Text, default="", server_default="")]
