"""The present moment and the community's own time zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def now() -> datetime:
    """Give the present moment, aware, in UTC: the form in which moments are stored."""
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """Show the same moment on a Dutch clock.

    Raises ValueError for a naive moment: guessing its zone would be an hour or two off.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without time zone")
    return moment.astimezone(AMSTERDAM)
