"""Figures on moderation: numbers only, of all groups together, and none about a person."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import TypeVar

from sqlalchemy import Select, case, func, select

from app.extensions import db
from app.lib.clock import AMSTERDAM, local, now
from app.lib.months import months_later
from app.models import UNDER_WAY, Appeal, AppealState, Case, CaseState, Decision, Report

MONTHS = 12
HOUR = timedelta(hours=1)
Name = TypeVar("Name")


@dataclass
class Month:
    """The cases that came in a month, and how soon they were looked at and closed."""

    start: date
    cases: int = 0
    upheld: int = 0
    dismissed: int = 0
    looks: list[timedelta] = field(default_factory=list)
    closings: list[timedelta] = field(default_factory=list)

    @property
    def look(self) -> timedelta | None:
        """Return the median time until a moderator looked."""
        return middle(self.looks)

    @property
    def closing(self) -> timedelta | None:
        """Return the median time until a case was closed."""
        return middle(self.closings)


@dataclass
class Load:
    """The cases that wait now: how many, in how many hands, and how they are divided."""

    free: int
    hands: Sequence[int]

    @property
    def waiting(self) -> int:
        """Return how many are not closed."""
        return self.free + sum(self.hands)

    @property
    def most(self) -> int:
        """Return the most in one hand."""
        return max(self.hands, default=0)

    @property
    def middle(self) -> float:
        """Return the median of those who have any."""
        return median(self.hands) if self.hands else 0


@dataclass
class Figures:
    """All that the page shows; what is counted, is counted over these months."""

    months: Sequence[Month]
    reasons: dict[str, int]
    rules: dict[str, int]
    kinds: dict[str, int]
    measures: dict[str, int]
    appeals: dict[AppealState, int]
    load: Load

    @property
    def cases(self) -> int:
        """Return how many cases there were in these months."""
        return sum(month.cases for month in self.months)

    @property
    def look(self) -> timedelta | None:
        """Return the median time until a moderator looked, over all months."""
        return middle([wait for month in self.months for wait in month.looks])

    @property
    def closing(self) -> timedelta | None:
        """Return the median time until a case was closed, over all months."""
        return middle([wait for month in self.months for wait in month.closings])

    @property
    def upheld_share(self) -> int | None:
        """Return the percentage of the decided appeals that was found right."""
        upheld = self.appeals.get(AppealState.UPHELD, 0)
        decided = upheld + self.appeals.get(AppealState.DISMISSED, 0)
        return upheld * 100 // decided if decided else None


def middle(waits: Sequence[timedelta]) -> timedelta | None:
    """Return the median of some times."""
    return median(wait / HOUR for wait in waits) * HOUR if waits else None


def figures() -> Figures:
    """Read all figures of this month and the eleven before, in five statements."""
    this_month = local(now()).date().replace(day=1)
    months = [Month(months_later(this_month, number - MONTHS + 1)) for number in range(MONTHS)]
    since = datetime.combine(months[0].start, time(), AMSTERDAM)
    kinds = count_cases(months, since)
    reasons = select(Report.reason, func.count()).where(Report.created_at >= since)
    measures = select(Decision.measure, func.count()).where(Decision.created_at >= since)
    appeals = select(Appeal.state, func.count()).where(Appeal.created_at >= since)
    waiting = select(Case.taken_by_id, func.count()).where(Case.state.in_(UNDER_WAY))
    found = pairs(waiting.group_by(Case.taken_by_id))
    return Figures(
        months=months,
        kinds=dict(kinds["kinds"].most_common()),
        rules=dict(kinds["rules"].most_common()),
        reasons=largest_first(pairs(reasons.group_by(Report.reason))),
        measures=largest_first(pairs(measures.group_by(Decision.measure))),
        appeals=pairs(appeals.group_by(Appeal.state)),
        load=Load(found.pop(None, 0), sorted(found.values())),
    )


def count_cases(months: Sequence[Month], since: datetime) -> dict[str, Counter[str]]:
    """Count cases with the month in which they came; return them by kind of subject and by rule."""
    by_start = {month.start: month for month in months}
    kinds, rules = Counter[str](), Counter[str]()
    for kind, state, rule, came, looked, closed in db.session.execute(cases(since)):
        month = by_start[local(came).date().replace(day=1)]
        month.cases += 1
        month.upheld += state is CaseState.RESOLVED
        month.dismissed += state is CaseState.REJECTED
        month.looks += [looked - came] if looked else []
        month.closings += [closed - came] if closed else []
        kinds[kind] += 1
        if state is CaseState.RESOLVED:
            rules[rule] += 1
    return {"kinds": kinds, "rules": rules}


def cases(
    since: datetime,
) -> Select[str, CaseState, str, datetime, datetime | None, datetime | None]:
    """Select what is counted of each case."""
    kind = case(
        (Case.comment_id.is_not(None), "comment"), (Case.attachment_id.is_not(None), "attachment"),
        (Case.user_id.is_not(None), "user"), else_="content",
    )  # fmt: skip
    return select(
        kind, Case.state, Case.rule, Case.created_at, Case.first_look_at, Case.closed_at
    ).where(Case.created_at >= since, Case.created_at <= now())


def pairs(query: Select[Name, int]) -> dict[Name, int]:
    """Return the numbers of a query with two columns, by what they are of."""
    return {name: number for name, number in db.session.execute(query)}  # noqa: C416  # rows are not pairs


def largest_first(found: Mapping[str, int]) -> dict[str, int]:
    """Return numbers with the largest in front; ties go by name."""
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return dict(ordered)
