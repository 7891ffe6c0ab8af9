"""A log of which each row carries a hash over itself and the row before it."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256

FIELDS = (
    "at", "action", "actor_id", "actor_name", "subject_kind", "subject_id", "subject_label",
    "group_id", "reason", "result", "address",
)  # fmt: skip
"""What of a row is hashed, in this order."""


def link(before: str, values: Sequence[object]) -> str:
    """Return the hash of a row, given that of the row before it and its values as in FIELDS.

    The first value is an aware moment; the others are texts, whole numbers or None.
    """
    at, *others = values
    assert isinstance(at, datetime)
    content = json.dumps([before, at.astimezone(UTC).isoformat(), *others], ensure_ascii=False)
    return sha256(content.encode()).hexdigest()
