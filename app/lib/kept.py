"""What someone had written when another page came between: to sign in, or to accept the rules."""

import json
from dataclasses import dataclass
from typing import Any

from app.lib.safe_redirect import is_safe_path

MOST_FIELDS = 200
# The form that sends it again makes its own token.
LEFT_OUT = frozenset({"csrf_token"})


@dataclass(frozen=True)
class Kept:
    """A form that was not accepted: where it was going, and what stood in it."""

    path: str
    fields: list[tuple[str, str]]


def read(text: str | None) -> Kept | None:
    """Return what that page carried along; None unless it goes to a path of our own."""
    try:
        found = json.loads(text or "")
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not isinstance(found.get("path"), str):
        return None
    if not is_safe_path(found["path"]):
        return None
    return Kept(found["path"], fields(found.get("fields")))


def fields(given: Any) -> list[tuple[str, str]]:
    """Return the pairs of name and value among what was given."""
    pairs = given if isinstance(given, list) else []
    return [
        (pair[0], pair[1])
        for pair in pairs[:MOST_FIELDS]
        if isinstance(pair, list)
        and len(pair) == 2
        and all(isinstance(part, str) for part in pair)
        and pair[0] not in LEFT_OUT
    ]
