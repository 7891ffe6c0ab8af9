"""Tables for a spreadsheet, as Dutch Excel opens them without questions."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import StringIO

from app.lib.clock import local

BOM = "\ufeff"
_STARTS_A_FORMULA = tuple("=+-@\t\r\n＝＋－＠|")


def write(rows: Iterable[Sequence[object]], headers: Sequence[str]) -> str:
    """Write a table: semicolons between cells, CR LF after rows, a mark for UTF-8 in front.

    A text that a spreadsheet could take for a formula gets an apostrophe in front (OWASP: CSV
    injection). Numbers stay numbers; moments (aware) become Dutch local time, None an empty cell.
    """
    table = StringIO()
    writer = csv.writer(table, delimiter=";", lineterminator="\r\n")
    writer.writerow([_cell(header) for header in headers])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return BOM + table.getvalue()


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return local(value).strftime("%Y-%m-%d %H:%M")
        case date():
            return value.isoformat()
        case float():
            return str(value).replace(".", ",")
        case int():
            return str(value)
        case _:
            return _harmless(str(value))


def _harmless(text: str) -> str:
    text = text.replace("\x00", "")
    return "'" + text if starts_a_formula(text) else text


def starts_a_formula(text: str) -> bool:
    """Tell whether a spreadsheet could take a text for a formula."""
    return text.startswith(_STARTS_A_FORMULA) or text.lstrip().startswith(_STARTS_A_FORMULA)
