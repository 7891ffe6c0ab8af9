"""How well the community answers, month by month: numbers only, of all groups together, no names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from statistics import median

from sqlalchemy import Select, select

from app.extensions import db
from app.lib.clock import AMSTERDAM, local, now
from app.lib.months import months_later
from app.lib.working_days import time_worked_between
from app.models import Content, Status
from app.queries.discussions import overdue_since
from app.queries.newcomers import ANYONE, first_posts
from app.site import site

MONTHS = 12
LONGEST_MONTH = 31
HOUR = timedelta(hours=1)


@dataclass
class Month:
    """What was started in a month, and what came of it."""

    start: date
    started: int = 0
    answered: int = 0
    overdue: int = 0
    waits: list[timedelta] = field(default_factory=list)
    first_posts: int = 0
    first_answered: int = 0

    @property
    def share(self) -> int | None:
        """Return the percentage that someone else replied to; None where nothing was started."""
        return percentage(self.answered, self.started)

    @property
    def first_share(self) -> int | None:
        """Return the percentage of first posts of new members that got a reaction."""
        return percentage(self.first_answered, self.first_posts)

    @property
    def median(self) -> timedelta | None:
        """Return the median time to the first reply, in time on working days."""
        hours = self.median_hours
        return None if hours is None else timedelta(hours=hours)

    @property
    def median_hours(self) -> float | None:
        """Return that time in hours."""
        return median(wait / HOUR for wait in self.waits) if self.waits else None


def percentage(part: int, whole: int) -> int | None:
    """Return a part in whole percents; all only when it is all."""
    return part * 100 // whole if whole else None


def months() -> list[Month]:
    """Return this month and the eleven before, the oldest first, in two statements."""
    this_month = local(now()).date().replace(day=1)
    found = [Month(months_later(this_month, number - MONTHS + 1)) for number in range(MONTHS)]
    by_start = {month.start: month for month in found}
    since = datetime.combine(found[0].start, time(), AMSTERDAM)
    count_pieces(by_start, db.session.execute(pieces(since)).all())
    days = MONTHS * LONGEST_MONTH
    first = first_posts(ANYONE, days)
    posts = select(first.c.posted_at, first.c.is_answered).where(first.c.posted_at >= since)
    for posted_at, is_answered in db.session.execute(posts):
        month = by_start[month_of(posted_at)]
        month.first_posts += 1
        month.first_answered += bool(is_answered)
    return found


def pieces(since: datetime) -> Select[datetime | None, datetime | None]:
    """Select when discussions were started, and when someone else first replied."""
    return select(Content.published_at, Content.first_answer_at).where(
        Content.kind == "discussion", Content.status == Status.PUBLISHED,
        Content.published_at >= since, Content.published_at <= now(),
        Content.hidden_at.is_(None), Content.withdrawn_at.is_(None),
        Content.merged_into_id.is_(None),
    )  # fmt: skip


def count_pieces(by_start: dict[date, Month], found: Iterable[Sequence[datetime | None]]) -> None:
    """Count pieces with the month in which they were started."""
    late, term = overdue_since(), timedelta(days=site().unanswered_days)
    for started_at, answered_at in found:
        assert started_at is not None
        month = by_start[month_of(started_at)]
        month.started += 1
        if answered_at is None:
            month.overdue += started_at <= late
            continue
        waited = time_worked_between(started_at, answered_at)
        month.answered += 1
        month.waits.append(waited)
        month.overdue += waited >= term


def month_of(moment: datetime) -> date:
    """Return the first day of the month, on a Dutch clock."""
    return local(moment).date().replace(day=1)
