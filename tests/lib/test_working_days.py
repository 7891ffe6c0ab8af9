from datetime import UTC, date, datetime, timedelta

import pytest
from holidays import OPTIONAL, PUBLIC, country_holidays
from hypothesis import given
from hypothesis import strategies as st

from app.lib.clock import AMSTERDAM
from app.lib.working_days import (
    add_working_days,
    is_working_day,
    subtract_working_days,
    time_worked_between,
    working_days_between,
)

MOMENTS = st.datetimes(
    datetime.fromisoformat("2023-01-01"),
    datetime.fromisoformat("2027-12-31"),
    timezones=st.sampled_from([UTC, AMSTERDAM]),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


@pytest.mark.parametrize(
    "day",
    [
        "2026-01-01", "2026-04-06", "2026-04-27", "2026-05-05", "2026-05-14", "2026-05-25",
        "2026-12-25", "2025-05-05", "2025-12-26", "2026-11-21", "2026-11-22",
    ],
)  # fmt: skip
def test_days_off(day: str) -> None:
    assert not is_working_day(date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2026-04-03", "2026-05-04", "2026-11-20", "2026-12-24"])
def test_days_worked_on_good_friday_among_them(day: str) -> None:
    assert is_working_day(date.fromisoformat(day))


@pytest.mark.parametrize("year", range(2014, 2101))
def test_days_off_are_those_that_others_list(year: int) -> None:
    listed = country_holidays("NL", years=year, categories=(PUBLIC, OPTIONAL), language="nl")
    off = {day for day, name in listed.items() if name != "Goede vrijdag" and day.weekday() < 5}
    first = date(year, 1, 1)
    every = [first + timedelta(days) for days in range((date(year + 1, 1, 1) - first).days)]
    assert {day for day in every if day.weekday() < 5 and not is_working_day(day)} == off


def test_kings_day_moves_from_sunday_to_saturday() -> None:
    assert is_working_day(date(2025, 4, 28))


@pytest.mark.parametrize(
    "moment, days, cut_off",
    [
        ("2026-11-20 10:00", 3, "2026-11-17 10:00"),
        ("2026-11-23 10:00", 3, "2026-11-18 10:00"),
        ("2026-11-22 15:00", 3, "2026-11-18 00:00"),
        ("2026-11-21 00:00", 3, "2026-11-18 00:00"),
        ("2026-04-07 09:00", 1, "2026-04-03 09:00"),
        ("2026-05-06 09:00", 1, "2026-05-04 09:00"),
        ("2026-01-02 09:00", 2, "2025-12-30 09:00"),
        ("2026-03-30 02:30", 1, "2026-03-27 02:30"),
        ("2026-11-22 15:00", 0, "2026-11-22 15:00"),
    ],
)
def test_subtract(moment: str, days: int, cut_off: str) -> None:
    assert subtract_working_days(at(moment), days) == at(cut_off)


@pytest.mark.parametrize(
    "start, days, end",
    [
        ("2026-11-20 10:00", 1, "2026-11-23 10:00"),
        ("2026-11-21 15:00", 3, "2026-11-26 00:00"),
        ("2026-12-24 16:00", 1, "2026-12-28 16:00"),
        ("2026-04-24 16:00", 2, "2026-04-29 16:00"),
    ],
)
def test_add(start: str, days: int, end: str) -> None:
    assert add_working_days(at(start), days) == at(end)


@pytest.mark.parametrize(
    "start, end, days",
    [
        ("2026-11-20 10:00", "2026-11-23 09:59", 0),
        ("2026-11-20 10:00", "2026-11-23 10:00", 1),
        ("2026-11-21 10:00", "2026-11-22 23:00", 0),
        ("2026-11-21 10:00", "2026-11-26 00:00", 3),
        ("2026-11-23 10:00", "2026-11-20 10:00", 0),
        ("2025-01-01 00:00", "2026-01-01 00:00", 365 - 104 - 7),
    ],
)
def test_between(start: str, end: str, days: int) -> None:
    assert working_days_between(at(start), at(end)) == days


def test_the_dutch_date_counts_not_the_utc_one() -> None:
    sunday_evening_in_utc = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert add_working_days(sunday_evening_in_utc, 1) == at("2026-11-24 00:30")


def test_the_zone_of_the_caller_is_kept() -> None:
    assert subtract_working_days(datetime(2026, 11, 20, tzinfo=UTC), 3).tzinfo is UTC


@given(MOMENTS, MOMENTS, st.integers(0, 12))
def test_count_and_cut_off_agree(start: datetime, end: datetime, days: int) -> None:
    if start <= end:
        older = start <= subtract_working_days(end, days)
        assert (working_days_between(start, end) >= days) == older


@given(MOMENTS, MOMENTS, st.integers(1, 12))
def test_a_later_moment_never_has_an_earlier_cut_off(
    one: datetime, other: datetime, days: int
) -> None:
    first, last = sorted((one, other))
    assert subtract_working_days(first, days) <= subtract_working_days(last, days)
    assert add_working_days(first, days) <= add_working_days(last, days)


def test_negative_numbers_and_naive_moments_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        subtract_working_days(at("2026-11-20 10:00"), -1)
    with pytest.raises(ValueError, match="time zone"):
        add_working_days(datetime.fromisoformat("2026-11-20"), 1)


def test_time_on_working_days() -> None:
    def worked(start: str, end: str) -> float:
        moments = (datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM) for text in (start, end))
        return time_worked_between(*moments) / timedelta(hours=1)

    assert worked("2026-10-05T10:00", "2026-10-05T12:30") == 2.5
    assert worked("2026-10-09T16:00", "2026-10-12T09:00") == 17
    assert worked("2026-10-10T16:00", "2026-10-12T09:00") == 9
    assert worked("2026-10-10T16:00", "2026-10-11T09:00") == 0
    assert worked("2026-12-24T12:00", "2026-12-28T12:00") == 24
    assert worked("2026-10-06T10:00", "2026-10-05T10:00") == 0
