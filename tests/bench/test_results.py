"""The table of the bench: figures are judged, and written down in one shape."""

import json
from xml.etree import ElementTree as ET

import pytest

from bench import growth
from bench.browsing import Fields
from bench.targets import TARGETS, as_rows, judged, skipped, table, told

KEYS = ["name", "figure", "unit", "limit", "ratio", "target", "met"]


def test_a_ratio_is_judged_by_the_limit() -> None:
    half, less = judged("discussion", 100, 200), judged("discussion", 99, 200)
    assert (half.ratio, half.met, half.target) == (0.5, True, "at least 0.5 of the limit")
    assert (less.ratio, less.met) == (0.495, False)


@pytest.mark.parametrize("figure, met", [(299.9, False), (300.0, True)])
def test_more_is_better_for_replies(figure: float, met: bool) -> None:
    assert judged("post", figure).met is met


@pytest.mark.parametrize("figure, met", [(8, True), (9, False)])
def test_less_is_better_for_statements(figure: float, met: bool) -> None:
    assert judged("statements_home", figure).met is met


def test_rows_have_one_shape() -> None:
    results = [judged("wiki", 3.14159, 5), told("beside", 1, "MB"), skipped("growth", "not now")]
    rows = json.loads(json.dumps(as_rows(results)))
    assert [list(row) for row in rows] == [KEYS] * 3
    assert rows[0]["figure"] == 3.142
    assert rows[1]["target"] is rows[2]["figure"] is rows[2]["met"] is None


def test_the_table_shows_what_was_missed() -> None:
    lines = table([judged("post", 12), judged("post_errors", 0)]).splitlines()
    assert lines[1].endswith("NO")
    assert lines[2].endswith("yes")


def test_every_target_has_a_name_of_its_own() -> None:
    assert len({target.name for target in TARGETS.values()}) == len(TARGETS)


def test_growth_is_a_drawing() -> None:
    drawing = ET.fromstring(growth.drawing(dict.fromkeys(growth.SIZES, 120.4)))  # noqa: S314  # ours
    bars = drawing.findall("{http://www.w3.org/2000/svg}rect")
    assert len(bars) == 1 + len(growth.SIZES)


def test_only_the_fields_of_the_form_are_read() -> None:
    reader = Fields("/there")
    reader.feed(
        '<form action="/here"><input type="hidden" name="a" value="1"></form><form action="/there">'
        '<input type="hidden" name="b" value="2"><input name="c" value="3"></form>'
        '<input type="hidden" name="d" value="4">'
    )
    assert reader.found == {"b": "2"}
