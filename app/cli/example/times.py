"""Moments in the past eight weeks at which people are at work."""

from datetime import datetime, timedelta

from app.lib.clock import local
from app.lib.working_days import is_working_day

OPENS, HOURS = 8, 9
"""Work starts at eight and lasts nine hours."""
A_PRIME = 977
"""Spreads moments over the day, the same way every time."""
JUST_NOW = timedelta(minutes=4)


def ago(start: datetime, days: float) -> datetime:
    """Return a moment so many days before `start`, on a working day between eight and five.

    What is of the last day stays where it is: less than a day ago.
    """
    if days < 1:
        return start - timedelta(days=days)
    day = local(start - timedelta(days=days))
    while not is_working_day(day.date()):
        day -= timedelta(days=1)
    minutes = OPENS * 60 + int(days * A_PRIME) % (HOURS * 60)
    day = day.replace(hour=minutes // 60, minute=minutes % 60, second=0, microsecond=0)
    return min(day, start - JUST_NOW)


def following(first: datetime, gaps: list[float], end: datetime) -> list[datetime]:
    """Return moments after `first` with these gaps in hours, squeezed in before `end`."""
    room = max(end - JUST_NOW - first, timedelta(minutes=len(gaps)))
    total = timedelta(hours=sum(gaps))
    scale = min(1.0, room / total) if total else 1.0
    found, passed = [], 0.0
    for gap in gaps:
        passed += gap
        found.append(first + timedelta(hours=passed) * scale)
    return found
