"""Months are added to dates as people do it."""

from datetime import date

import pytest

from app.lib.months import months_later


@pytest.mark.parametrize(
    "day, months, expected",
    [
        (date(2026, 1, 15), 12, date(2027, 1, 15)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 1), 0, date(2026, 12, 1)),
    ],
)
def test_the_same_day_or_the_last_of_a_short_month(day: date, months: int, expected: date) -> None:
    assert months_later(day, months) == expected
