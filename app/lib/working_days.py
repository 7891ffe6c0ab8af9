"""Counting in working days, by the Dutch calendar and the Dutch clock.

Not counted: Saturday, Sunday, Nieuwjaarsdag, tweede paasdag, Koningsdag, Bevrijdingsdag,
Hemelvaartsdag, tweede pinksterdag and both days of Christmas. These are the paid days off in
article 6.6 of the Cao Gemeenten, in which Bevrijdingsdag stands for every year since 2024;
Goede Vrijdag is not among them, so municipalities work on that day.

A working day is the 24 hours of its date. Time in a weekend or on a holiday does not count, so
what is asked on Saturday afternoon starts to wait on Monday at midnight. Summer time begins and
ends on Sundays, and so never touches a working day.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from dateutil.easter import easter

from app.lib.clock import AMSTERDAM, local

_ONE_DAY = timedelta(days=1)
_FIXED = ((1, 1), (5, 5), (12, 25), (12, 26))  # month, day
_AFTER_EASTER = (1, 39, 50)  # days: tweede paasdag, Hemelvaartsdag, tweede pinksterdag
_SATURDAY, _SUNDAY = 5, 6


def is_working_day(day: date) -> bool:
    """Whether municipalities work on this day."""
    return day.weekday() < _SATURDAY and day not in _days_off(day.year)


def subtract_working_days(moment: datetime, days: int) -> datetime:
    """Give the moment that lies `days` working days back, in the time zone of `moment` (aware).

    All that is older has waited for more than that number of working days.
    """
    day, hour = _day_and_hour(moment)
    return _at(_step(day, days, -_ONE_DAY), hour).astimezone(moment.tzinfo) if days else moment


def add_working_days(start: datetime, days: int) -> datetime:
    """Give the moment at which `days` working days have passed since `start` (aware), in its zone."""
    day, hour = _first_worked(start)
    return _at(_step(day, days, _ONE_DAY), hour).astimezone(start.tzinfo) if days else start


def working_days_between(start: datetime, end: datetime) -> int:
    """How many whole working days lie between two aware moments; 0 when `end` is the earlier.

    It is at least n exactly when `start <= subtract_working_days(end, n)`.
    """
    first, start_hour = _first_worked(start)
    last, end_hour = _day_and_hour(end)
    return max(0, _worked(first, last) - (end_hour < start_hour))


def time_worked_between(start: datetime, end: datetime) -> timedelta:
    """How much time on working days lies between two aware moments; nothing when `end` is earlier."""
    first, start_hour = _first_worked(start)
    last, end_hour = _day_and_hour(end)
    whole = _worked(first, last) * _ONE_DAY
    return max(timedelta(), whole + _since_midnight(end_hour) - _since_midnight(start_hour))


@lru_cache(maxsize=64)
def _days_off(year: int) -> frozenset[date]:
    sunday, king = easter(year), date(year, 4, 27)
    if king.weekday() == _SUNDAY:
        king -= _ONE_DAY
    moving = [sunday + timedelta(days) for days in _AFTER_EASTER]
    return frozenset([king, *moving, *(date(year, month, day) for month, day in _FIXED)])


def _day_and_hour(moment: datetime) -> tuple[date, time]:
    """Read the Dutch date and hour; a day that does not count has no hours but its midnight."""
    here = local(moment)
    return here.date(), here.time() if is_working_day(here.date()) else time()


def _first_worked(start: datetime) -> tuple[date, time]:
    day, hour = _day_and_hour(start)
    while not is_working_day(day):
        day += _ONE_DAY
    return day, hour


def _step(day: date, times: int, direction: timedelta) -> date:
    if times < 0:
        raise ValueError("a negative number of working days")
    for _ in range(times):
        day += direction
        while not is_working_day(day):
            day += direction
    return day


@lru_cache(maxsize=1024)
def _worked(first: date, end: date) -> int:
    return sum(is_working_day(day) for day in _days(first, end))


def _days(first: date, end: date) -> Iterator[date]:
    while first < end:
        yield first
        first += _ONE_DAY


def _since_midnight(hour: time) -> timedelta:
    return timedelta(hours=hour.hour, minutes=hour.minute, seconds=hour.second)


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, AMSTERDAM)
