"""Cursors for lists that go on after the last row shown, however deep.

A cursor is opaque but not secret: it holds the sorting values of one row, and whoever changes it
only sees another part of the same list.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

Value = datetime | int | str

_LONGEST = 1_000
# As large as an id can be: PostgreSQL refuses to compare one with more.
_LARGEST = 2**31


class BadCursorError(ValueError):
    """A cursor that this list did not hand out."""


def encode_cursor(*values: Value) -> str:
    """Write sorting values, such as an aware moment and a row's id, as text for an address."""
    plain = [_plain(value) for value in values]
    text = json.dumps(plain, separators=(",", ":"))
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_cursor(text: str | None, types: Sequence[type[Value]]) -> tuple[Any, ...] | None:
    """Read the values back, of the types given; None at the start of a list.

    Moments come back in UTC. Raises BadCursorError for all that encode_cursor did not write for
    these types: a view answers 404.
    """
    if not text:
        return None
    try:
        return _values(text, types)
    except (ValueError, OverflowError, RecursionError) as error:
        raise BadCursorError("malformed cursor") from error


def _plain(value: Value) -> int | str:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a moment without time zone")
        return value.astimezone(UTC).isoformat()
    return value


def _values(text: str, types: Sequence[type[Value]]) -> tuple[Any, ...]:
    if len(text) > _LONGEST:
        raise ValueError("too long")
    padded = text.encode("ascii") + b"=" * (-len(text) % 4)
    plain = json.loads(urlsafe_b64decode(padded))
    if not isinstance(plain, list):
        raise ValueError("no list")  # noqa: TRY004 - bad input of a visitor, not of a caller
    return tuple(_value(value, wanted) for value, wanted in zip(plain, types, strict=True))


def _value(value: object, wanted: type[Value]) -> Value:
    if wanted is datetime and isinstance(value, str):
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    if wanted is int and type(value) is int and -_LARGEST <= value < _LARGEST:
        return value
    if wanted is str and isinstance(value, str) and "\x00" not in value:
        value.encode()
        return value
    raise ValueError("another type")
