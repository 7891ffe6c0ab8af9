"""Charts: bars as high as what they stand for, within the picture."""

import pytest

from app.lib.charts import BOTTOM, HEIGHT, TOP, WIDTH, bars, round_above


def test_bars_are_as_high_as_their_values() -> None:
    chart = bars([("jan", 100), ("feb", 50), ("mrt", 0), ("apr", None)], top=100)
    room = HEIGHT - TOP - BOTTOM
    assert [bar.height for bar in chart.bars] == [room, room / 2, 0, 0]
    assert chart.bars[3].value is None
    assert all(bar.x > 0 and bar.x + bar.width < WIDTH for bar in chart.bars)
    assert [line.value for line in chart.lines] == [0, 25, 50, 75, 100]


def test_what_is_higher_than_the_top_stops_there() -> None:
    assert bars([("a", 300)], top=100).bars[0].y == TOP


def test_nothing_can_be_drawn() -> None:
    assert bars([]).bars == []
    assert bars([("a", None)]).lines[-1].value == 4


@pytest.mark.parametrize(
    "value, above", [(0, 4), (3, 4), (6, 8), (17, 20), (40, 40), (41, 44), (950, 960)]
)
def test_round_numbers(value: float, above: float) -> None:
    assert round_above(value) == pytest.approx(above)
