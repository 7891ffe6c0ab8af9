"""The order of names as people count: "2-ontwerp" comes before "10-archief"."""

import re

PARTS = re.compile(r"(\d{1,18})")


def natural(name: str) -> list[tuple[int, int, str]]:
    """Return the key to sort a name by: its numbers as numbers, its letters without capitals."""
    parts = PARTS.split(name.casefold())
    return [(0, int(part), "") if i % 2 else (1, 0, part) for i, part in enumerate(parts)]
