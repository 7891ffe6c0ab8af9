import csv
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lib.csv_export import write


def read(text: str) -> list[list[str]]:
    assert text[0] == "\ufeff"
    return list(csv.reader(StringIO(text[1:], newline=""), delimiter=";"))


def test_the_form_that_dutch_excel_opens() -> None:
    table = write([["Zoë", 3]], ["Naam", "Reacties"])
    assert table == "\ufeffNaam;Reacties\r\nZoë;3\r\n"


def test_signs_of_the_form_itself_are_quoted() -> None:
    cells = ["a;b", 'zegt "ja"', "twee\nregels"]
    assert read(write([cells], ["x", "y", "z"]))[1] == cells


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "\xa0=1",
        '=cmd|"/C calc"!A0', '=HYPERLINK("https://evil.example")', "|x", "\x00=1",
    ],
)  # fmt: skip
def test_formulas_become_text(text: str) -> None:
    assert read(write([[text]], ["x"]))[1] == ["'" + text.replace("\x00", "")]


def test_a_header_is_no_formula_either() -> None:
    assert read(write([], ["=1"])) == [["'=1"]]


def test_values_that_are_no_text() -> None:
    moment = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    row = [-4, -1.5, None, moment, date(2026, 7, 1), True]
    cells = ["-4", "-1,5", "", "2026-07-02 00:30", "2026-07-01", "True"]
    assert read(write([row], [""] * 6))[1] == cells


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_no_cell_starts_like_a_formula_and_nothing_else_changes(text: str) -> None:
    cell = read(write([[text]], ["x"]))[1][0]
    assert not cell.strip().startswith(("=", "+", "-", "@"))
    assert cell.removeprefix("'") == text.replace("\x00", "").removeprefix("'")
