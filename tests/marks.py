"""Marks that several tests share."""

from collections.abc import Iterable
from typing import Any

import pytest

both_ways = pytest.mark.parametrize(
    "javascript", [pytest.param(True, id="script"), pytest.param(False, id="no-script")]
)


def both_or_sqlite(names: Iterable[str], both: set[str]) -> list[Any]:
    """Return parameters: some for both databases, for the rest once is enough, on SQLite."""
    return [
        name if name in both else pytest.param(name, marks=pytest.mark.sqlite) for name in names
    ]
