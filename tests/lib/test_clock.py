from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.lib.clock import local, now


def test_now_is_aware_and_in_utc() -> None:
    assert now().utcoffset() == timedelta(0)


def test_now_follows_the_clock_of_the_test() -> None:
    moment = datetime(2026, 3, 29, 0, 59, tzinfo=UTC)
    with time_machine.travel(moment, tick=False):
        assert now() == moment


@pytest.mark.parametrize(
    "moment, clock",
    [
        (datetime(2026, 1, 15, 12, 0, tzinfo=UTC), "13:00"),
        (datetime(2026, 7, 15, 12, 0, tzinfo=UTC), "14:00"),
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "01:59"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "03:00"),
    ],
)
def test_local_reads_as_a_dutch_clock(moment: datetime, clock: str) -> None:
    assert local(moment).strftime("%H:%M") == clock
    assert local(moment) == moment


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        local(datetime.fromisoformat("2026-01-01 12:00"))
