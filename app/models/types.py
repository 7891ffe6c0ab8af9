"""Column types that behave alike on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import DateTime, Enum, ForeignKey, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import mapped_column
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

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enum_column(enum: type[StrEnum], **options: Any) -> Any:
    """Return a column that keeps the value of `enum` as text."""
    kind = Enum(
        enum, native_enum=False, length=20, values_callable=lambda members: [m.value for m in members]
    )
    return mapped_column(kind, **options)


Key = Annotated[int, mapped_column(primary_key=True)]
UserKey = Annotated[int, mapped_column(ForeignKey("users.id"), index=True)]
OptionalUserKey = Annotated[int | None, mapped_column(ForeignKey("users.id"))]
LongText = Annotated[str, mapped_column(Text, default="", server_default="")]
