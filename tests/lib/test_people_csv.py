"""A list of people as spreadsheets save it: read line by line, and refused with a number and a reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lib import people_csv
from app.lib.people_csv import Entry, Fault, FileRefused, Sheet

HEADER = "email;name;department;job_title;roles"
ROW = "anna@voorbeeldstad.example;Zoë Bos;Schuldhulp;Consulent;blogger"
ZOE = Entry(2, "anna@voorbeeldstad.example", "Zoë Bos", "Schuldhulp", "Consulent", "blogger")


def sheet(*lines: str, header: str = HEADER) -> Sheet:
    return people_csv.read("\n".join((header, *lines)).encode())


def fault(line: str, header: str = HEADER) -> Fault:
    """Return what is wrong with the only line of a file."""
    found = sheet(line, header=header)
    assert not found.entries
    return found.faults[0]


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_way_to_save_a_list(coding: str, delimiter: str, end: str) -> None:
    text = end.join((HEADER, ROW, "")).replace(";", delimiter)
    assert people_csv.read(text.encode(coding)) == Sheet((ZOE,), (), ())


@pytest.mark.parametrize(
    "header",
    [
        "Rollen;NAAM;E-mailadres;Afdeling;Functie",
        '"rol";Name; E-Mail_Address;DEPARTMENT;Job title',
    ],
)
def test_columns_in_any_order_by_their_dutch_or_english_names(header: str) -> None:
    line = "blogger;Zoë Bos;ANNA@voorbeeldstad.example;Schuldhulp;Consulent"
    assert sheet(line, header=header).entries == (ZOE,)


def test_unknown_columns_are_left_out_and_named() -> None:
    found = sheet("06;a@b.nl;Anna;x", header="Telefoon;email;naam;Straat\x07  1")
    assert found == Sheet((Entry(2, "a@b.nl", "Anna"),), (), ("Telefoon", "Straat 1"))


@pytest.mark.parametrize(
    "content, problem, detail",
    [
        (b"", "empty", ""),
        (b"\xef\xbb\xbf \r\n\r\n", "empty", ""),
        (b"naam;afdeling\nAnna;x", "no_columns", "email"),
        (b"anna@b.nl;Anna\n", "no_columns", "email, name"),
        (b'"email;name\na@b.nl;Anna', "no_columns", "email, name"),
        (b"email;name;e-mail-adres\n", "double_column", "email"),
        (b"PK\x03\x04 email;name\n", "not_text", ""),
        (b"email;name\n" + b"a@b.nl;A\n" * (people_csv.MOST_LINES + 1), "too_many_lines", ""),
        (b"email;name\n" + b"x" * people_csv.MOST_BYTES, "too_large", ""),
    ],
)
def test_a_file_of_which_nothing_can_be_used(content: bytes, problem: str, detail: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        people_csv.read(content)
    assert (refusal.value.problem, refusal.value.detail) == (problem, detail)


@pytest.mark.parametrize(
    "line, problem, column",
    [
        (";Anna", "no_email", "email"),
        ("geen adres;Anna", "bad_email", "email"),
        ("a@b@c.nl;Anna", "bad_email", "email"),
        ("a@localhost;Anna", "bad_email", "email"),
        ("a@b.nl\x00;Anna", "bad_email", "email"),
        ('"a@b.nl\nBcc: x@y.nl";Anna', "bad_email", "email"),
        ("=1+1@b.nl;Anna", "formula", "email"),
        (f"{'a' * 250}@b.nl;Anna", "too_long", "email"),
        ("a@b.nl", "no_name", "name"),
        ("a@b.nl; ", "no_name", "name"),
        ("a@b.nl;" + "x" * 121, "too_long", "name"),
        ("a@b.nl;Anna;" + "x" * 121, "too_long", "department"),
        ("a@b.nl;Anna;;" + "x" * 121, "too_long", "job_title"),
        ('a@b.nl;=HYPERLINK("http://x");;', "formula", "name"),
        ("a@b.nl;Anna;+31;", "formula", "department"),
        ("a@b.nl;Anna;;@SUM(A1)", "formula", "job_title"),
        ("a@b.nl;Anna;;-2", "formula", "job_title"),
        ("a@b.nl;＝1;;", "formula", "name"),
        ("a@b.nl;An\x00na;;", "bad_characters", "name"),
        ("a@b.nl;An\u202ena;;", "bad_characters", "name"),
        ("a@b.nl;\u200b;;", "bad_characters", "name"),
        ("a@b.nl;\u3164;;", "bad_characters", "name"),
        ("a@b.nl;Anna\ufffd;;", "bad_characters", "name"),
        ('a@b.nl;"Anna\nBos";;', "bad_characters", "name"),
        ("a@b.nl;Anna;;;;over", "too_many_cells", ""),
        ('a@b.nl;"Anna;;', "quotes", ""),
        ('a@b.nl;"Anna" Bos;;', "quotes", ""),
    ],
)
def test_a_line_that_cannot_be_used(line: str, problem: str, column: str) -> None:
    found = fault(line)
    assert (found.number, found.problem, found.column) == (2, problem, column)
    assert found.email.isprintable()


def test_a_damaged_name_in_a_marked_file_is_refused_and_not_guessed() -> None:
    found = people_csv.read(b"\xef\xbb\xbfemail;name\na@b.nl;Zo\xeb\nb@b.nl;Bo")
    assert [fault.problem for fault in found.faults] == ["bad_characters"]
    assert [entry.name for entry in found.entries] == ["Bo"]


def test_an_address_counts_once() -> None:
    found = sheet("a@b.nl;Anna", "b@b.nl;Bo", " A@B.NL;Nog een keer")
    assert [entry.name for entry in found.entries] == ["Anna", "Bo"]
    assert found.faults == (Fault(4, "double", "email", "A@B.NL"),)


def test_a_refused_line_does_not_take_the_address_of_a_later_one() -> None:
    found = sheet("a@b.nl;", "a@b.nl;Anna")
    assert [(entry.number, entry.name) for entry in found.entries] == [(3, "Anna")]


def test_numbers_are_those_of_the_lines_in_the_file() -> None:
    lines = [
        "",
        "a@b.nl;Anna;x",
        '"b@b.nl";"Bo";"Twee\nregels"',
        ";;;;",
        "",
        "fout;Carla",
        "d@b.nl;Dirk",
    ]
    found = people_csv.read("\n".join((" ", HEADER, *lines)).encode())
    assert [entry.number for entry in found.entries] == [4, 10]
    assert [(fault.number, fault.problem) for fault in found.faults] == [
        (5, "bad_characters"), (9, "bad_email"),
    ]  # fmt: skip


def test_text_over_several_lines_in_an_unknown_column_harms_nothing() -> None:
    found = sheet('a@b.nl;Anna;"Straat 1\n1234 AB"', "b@b.nl;Bo;", header="email;name;adres")
    assert [entry.number for entry in found.entries] == [2, 4]


def test_a_forgotten_quotation_mark_takes_its_own_line_only() -> None:
    lines = [f"p{n}@b.nl;Persoon {n}" for n in range(200)]
    lines[3] = 'p3@b.nl;"Persoon 3'
    found = sheet(*lines)
    assert len(found.entries) == 199
    assert [(fault.number, fault.problem) for fault in found.faults] == [(5, "quotes")]


def test_five_hundred_bad_lines_are_named_one_by_one() -> None:
    found = sheet(*(f"fout{n};Persoon" for n in range(500)), "a@b.nl;Anna")
    assert [fault.number for fault in found.faults] == list(range(2, 502))
    assert [entry.name for entry in found.entries] == ["Anna"]


def test_spaces_are_made_single() -> None:
    (entry,) = sheet("  a@b.nl ;  Anna \u00a0 Bos;Zorg  en\u00a0hulp").entries
    assert (entry.email, entry.name, entry.department) == ("a@b.nl", "Anna Bos", "Zorg en hulp")


@given(st.binary(max_size=400))
def test_whatever_the_bytes_it_reads_or_refuses(content: bytes) -> None:
    try:
        people_csv.read(content)
    except FileRefused:
        return


@given(st.text(alphabet=st.sampled_from('a@.;,"\n\r\t=\x00 é\u202e'), max_size=300))
def test_whatever_the_lines_each_is_a_person_or_a_fault(text: str) -> None:
    found = people_csv.read(f"email;name;roles\n{text}".encode())
    numbers = [entry.number for entry in found.entries] + [fault.number for fault in found.faults]
    assert len(set(numbers)) == len(numbers)
    assert all(2 <= number <= text.count("\n") + text.count("\r") + 2 for number in numbers)
    assert all(entry.name.isprintable() and entry.name for entry in found.entries)
