"""The measures of small charts, drawn as SVG by `components/chart.html`."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 12, 28
GAP = 0.3
"""How much of the room of a bar stays open."""
STEPS = 4


@dataclass(frozen=True)
class Bar:
    """One bar; without a value there is nothing to draw, only a label."""

    label: str
    value: float | None
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """Return where the label stands."""
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True)
class Line:
    """A line across the chart, with the number that it stands for."""

    value: float
    y: float


@dataclass(frozen=True)
class Chart:
    """A bar chart: where everything stands within WIDTH and HEIGHT."""

    bars: Sequence[Bar]
    lines: Sequence[Line]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM


def bars(values: Sequence[tuple[str, float | None]], top: float | None = None) -> Chart:
    """Return a chart of labelled values of zero or more; None where there is none.

    `top` is the value at the upper end; without it a round number above the largest.
    """
    highest = top or round_above(max((value or 0 for _label, value in values), default=0))
    room = HEIGHT - TOP - BOTTOM
    step = (WIDTH - LEFT - RIGHT) / max(1, len(values))

    def at(value: float) -> float:
        return round(TOP + room * (1 - min(value, highest) / highest), 1)

    made = [
        Bar(
            label, value, round(LEFT + step * (number + GAP / 2), 1), at(value or 0),
            round(step * (1 - GAP), 1), round(HEIGHT - BOTTOM - at(value or 0), 1),
        )
        for number, (label, value) in enumerate(values)
    ]  # fmt: skip
    levels = [highest * number / STEPS for number in range(STEPS + 1)]
    return Chart(made, [Line(level, at(level)) for level in levels])


def round_above(value: float) -> float:
    """Return a round number that is at least `value` and has whole numbers at its quarters."""
    if value <= STEPS:
        return float(STEPS)
    unit: float = max(STEPS, 10 ** floor(log10(value)) * 0.4)
    return ceil(value / unit) * unit
