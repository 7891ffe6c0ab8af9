"""What is wrong with a list of people, in the reader's words."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.lib import people_csv
from app.lib.people_csv import Fault, FileProblem, FileRefused, Problem

COLUMNS = {
    "email": _l("E-mail address"),
    "name": _l("Name"),
    "department": _l("Department"),
    "job_title": _l("Job title"),
    "roles": _l("Roles"),
}
PROBLEMS: dict[Problem, object] = {
    "no_email": _l("There is no e-mail address."),
    "bad_email": _l("This is not an e-mail address."),
    "no_name": _l("There is no name."),
    "bad_characters": _l("holds characters that cannot be seen, or that are damaged."),
    "formula": _l("starts with a sign with which a spreadsheet starts a formula (= + - @)."),
    "double": _l("This e-mail address stands higher up in the file already."),
    "too_many_cells": _l("There are more cells than columns. Is there a separator in a text?"),
    "quotes": _l("A quotation mark is not closed, or stands in the wrong place."),
}
FILE_PROBLEMS: dict[FileProblem, object] = {
    "empty": _l("This file is empty."),
    "not_text": _l(
        "This is not a CSV file. Open it in your spreadsheet program and save it as CSV (UTF-8)."
    ),
}


@dataclass(frozen=True)
class Refusal:
    """A line that is not taken: its number in the file, whom it is about, and why."""

    number: int
    email: str
    reason: str


def refusal_of(fault: Fault) -> Refusal:
    """Return why a line cannot be used."""
    return Refusal(fault.number, fault.email, said(fault))


def said(fault: Fault) -> str:
    """Return what is wrong with a line, in a sentence."""
    column = str(COLUMNS.get(fault.column, ""))
    match fault.problem:
        case "too_long":
            most = people_csv.LENGTHS[fault.column]
            return str(
                _("%(column)s: has more than %(most)d characters.", column=column, most=most)
            )
        case "bad_characters" | "formula":
            return f"{column}: {PROBLEMS[fault.problem]}"
    return str(PROBLEMS[fault.problem])


def of_file(refusal: FileRefused) -> str:
    """Return why nothing of a file can be used."""
    match refusal.problem:
        case "too_large":
            most = people_csv.MOST_BYTES // 1_000_000
            return str(_("This file is larger than %(most)d MB. Divide it over more.", most=most))
        case "too_many_lines":
            most = people_csv.MOST_LINES
            return str(_("This file has more than %(most)d lines. Divide it over more.", most=most))
        case "no_columns":
            return str(
                _(
                    "The first line must name the columns. Missing: %(columns)s.",
                    columns=refusal.detail,
                )
            )
        case "double_column":
            return str(
                _("The column %(column)s stands there more than once.", column=refusal.detail)
            )
    return str(FILE_PROBLEMS[refusal.problem])
