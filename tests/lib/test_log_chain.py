"""A row's hash is over all that it says and over the row before it."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from app.lib.log_chain import FIELDS, link

AT = datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC)
ROW: list[object] = [AT, "hidden", 3, "Mo", "wiki", 7, "Titel «é»", None, "Omdat", "", "10.0.0.1"]


def test_the_same_row_has_the_same_hash() -> None:
    assert link("a", ROW) == link("a", list(ROW))
    assert len(link("", ROW)) == 64
    assert len(ROW) == len(FIELDS)


def test_a_moment_is_the_same_on_every_clock() -> None:
    elsewhere = AT.astimezone(timezone(timedelta(hours=2)))
    assert link("", [elsewhere, *ROW[1:]]) == link("", ROW)


@pytest.mark.parametrize("place", range(len(FIELDS)))
def test_every_part_counts(place: int) -> None:
    other = list(ROW)
    other[place] = AT + timedelta(microseconds=1) if place == 0 else "iets anders"
    assert link("", other) != link("", ROW)


def test_the_row_before_counts() -> None:
    assert link("a", ROW) != link("b", ROW)


def test_what_moves_to_the_next_part_is_another_row() -> None:
    together = [*ROW[:8], "OmdatX", "", "10.0.0.1"]
    apart = [*ROW[:8], "Omdat", "X", "10.0.0.1"]
    assert link("", together) != link("", apart)
    assert link("", [*ROW[:7], None, *ROW[8:]]) != link("", [*ROW[:7], "", *ROW[8:]])
