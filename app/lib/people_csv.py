"""People in a file: a table as spreadsheets save it, read line by line and judged.

Knows nothing of accounts: it says what stands in the file, and what cannot be right.
"""

import csv
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from app.lib import addresses
from app.lib.csv_export import starts_a_formula

MOST_BYTES = 5_000_000
MOST_LINES = 20_000
# A row of a spreadsheet can run over several lines; a forgotten quotation mark must not take all.
LINES_OF_ROW = 50
DELIMITERS = ";,\t"
LENGTHS = {"email": 254, "name": 120, "department": 120, "job_title": 120, "roles": 1000}
HEADERS = {
    "email": "email", "emailadres": "email", "emailaddress": "email",
    "name": "name", "naam": "name",
    "department": "department", "afdeling": "department",
    "jobtitle": "job_title", "functie": "job_title",
    "roles": "roles", "role": "roles", "rollen": "roles", "rol": "roles",
}  # fmt: skip
NOT_TEXT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")
# Shown as nothing, though they are letters or symbols.
BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc\ufffd")

FileProblem = Literal[
    "empty", "too_large", "too_many_lines", "not_text", "no_columns", "double_column"
]
Problem = Literal[
    "no_email", "bad_email", "no_name", "too_long", "bad_characters", "formula", "double",
    "too_many_cells", "quotes",
]  # fmt: skip


class FileRefused(ValueError):
    """Nothing of the file can be used; `detail` names the columns that it is about."""

    def __init__(self, problem: FileProblem, detail: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.detail = detail


class LineRefused(ValueError):
    """A line cannot be used; `column` is the name of the column that is wrong, if it is one."""

    def __init__(self, problem: Problem, column: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.column = column


@dataclass(frozen=True)
class Entry:
    """A person on a line of the file; `number` is the number of the line in the file."""

    number: int
    email: str
    name: str
    department: str = ""
    job_title: str = ""
    roles: str = ""


@dataclass(frozen=True)
class Fault:
    """A line that cannot be used; `email` is what stood in that column, for who looks it up."""

    number: int
    problem: Problem
    column: str
    email: str


@dataclass(frozen=True)
class Sheet:
    """What a file says, and the names of its columns that we do not know."""

    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...]
    ignored: tuple[str, ...]


def read(content: bytes) -> Sheet:
    """Read a file. Raises FileRefused, and nothing else."""
    if len(content) > MOST_BYTES:
        raise FileRefused("too_large")
    if content.startswith(NOT_TEXT):
        raise FileRefused("not_text")
    lines = decoded(content).replace("\r\n", "\n").replace("\r", "\n").rstrip().split("\n")
    start = next((n for n, line in enumerate(lines) if line.strip()), None)
    if start is None:
        raise FileRefused("empty")
    if len(lines) - start - 1 > MOST_LINES:
        raise FileRefused("too_many_lines")
    found = rows(lines, delimiter_of(lines[start]), start)
    return judged(found, next(found)[1] or [])


def decoded(content: bytes) -> str:
    """Return the text: UTF-8, UTF-16 where it is marked so, else as Windows in Europe writes it."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    if content.startswith(b"\xef\xbb\xbf"):
        return content.decode("utf-8-sig", "replace")
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def delimiter_of(header: str) -> str:
    """Return the sign between cells: the one by which most columns are known."""

    def known(delimiter: str) -> int:
        cells = next(rows([header], delimiter))[1] or []
        return sum(folded(cell) in HEADERS for cell in cells)

    return max(DELIMITERS, key=known)


def rows(
    lines: list[str], delimiter: str, start: int = 0
) -> Iterator[tuple[int, list[str] | None]]:
    """Yield the rows from line `start` on with the number of their first line, counted from 1.

    None stands for a line that is no row: a quotation mark is not closed, or stands astray.
    """
    while start < len(lines):
        following = (f"{line}\n" for line in lines[start : start + LINES_OF_ROW])
        reader = csv.reader(following, delimiter=delimiter, strict=True)
        try:
            cells: list[str] | None = next(reader)
            used = reader.line_num
        except csv.Error:
            cells, used = None, 1
        yield start + 1, cells
        start += used


def folded(text: str) -> str:
    """Return the name of a column without capitals, spaces, hyphens and underscores."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def columns_of(header: list[str]) -> dict[str, int]:
    """Return where each known column stands. Raises FileRefused."""
    found: dict[str, int] = {}
    for place, text in enumerate(header):
        name = HEADERS.get(folded(text))
        if name in found:
            raise FileRefused("double_column", name or "")
        if name:
            found[name] = place
    missing = [name for name in ("email", "name") if name not in found]
    if missing:
        raise FileRefused("no_columns", ", ".join(missing))
    return found


def judged(found: Iterator[tuple[int, list[str] | None]], header: list[str]) -> Sheet:
    """Divide the rows under a header in people and faults; empty rows are neither."""
    columns = columns_of(header)
    entries, faults, seen = [], [], set[str]()
    for number, cells in found:
        if cells is not None and not any(cell.strip() for cell in cells):
            continue
        try:
            entry = entry_of(number, fitting(cells, len(header)), columns)
            refuse_double(entry, seen)
        except LineRefused as refusal:
            email = printable(cell_of(cells or [], columns["email"]))[: LENGTHS["email"]]
            faults.append(Fault(number, refusal.problem, refusal.column, email))
            continue
        seen.add(entry.email)
        entries.append(entry)
    unknown = (text for n, text in enumerate(header) if text.strip() and n not in columns.values())
    ignored = tuple(" ".join(printable(text).split())[:60] for text in unknown)
    return Sheet(tuple(entries), tuple(faults), ignored)


def fitting(cells: list[str] | None, width: int) -> list[str]:
    """Return a row that has no more cells than the header has. Raises LineRefused."""
    if cells is None:
        raise LineRefused("quotes")
    if any(cell.strip() for cell in cells[width:]):
        raise LineRefused("too_many_cells")
    return cells


def refuse_double(entry: Entry, seen: set[str]) -> None:
    """Raise LineRefused for an address that stood on an earlier line."""
    if entry.email in seen:
        raise LineRefused("double", "email")


def entry_of(number: int, cells: list[str], columns: dict[str, int]) -> Entry:
    """Return the person on a row. Raises LineRefused."""
    values = {
        name: CHECKS.get(name, checked)(cell_of(cells, place), name)
        for name, place in columns.items()
    }
    return Entry(number, **values)


def cell_of(cells: list[str], place: int) -> str:
    """Return a cell; one that a row does not have is empty."""
    return cells[place].strip() if place < len(cells) else ""


def address(text: str, column: str) -> str:
    """Return an e-mail address. Raises LineRefused."""
    if not text:
        raise LineRefused("no_email", column)
    if starts_a_formula(text):
        raise LineRefused("formula", column)
    if len(text) > LENGTHS[column]:
        raise LineRefused("too_long", column)
    try:
        return addresses.normal(text)
    except ValueError:
        raise LineRefused("bad_email", column) from None


def name_of(text: str, column: str) -> str:
    """Return someone's name. Raises LineRefused."""
    if not text:
        raise LineRefused("no_name", column)
    return checked(text, column)


def checked(text: str, column: str) -> str:
    """Return a cell with single spaces. Raises LineRefused."""
    if starts_a_formula(text):
        raise LineRefused("formula", column)
    if text != printable(text):
        raise LineRefused("bad_characters", column)
    text = " ".join(text.split())
    if len(text) > LENGTHS[column]:
        raise LineRefused("too_long", column)
    return text


def printable(text: str) -> str:
    """Return a text without what cannot be seen: control characters, and blanks of no width."""
    return "".join(
        letter
        for letter in text
        if unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}
        and letter not in BLANKS
    )


CHECKS: dict[str, Callable[[str, str], str]] = {"email": address, "name": name_of}
