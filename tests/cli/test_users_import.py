"""`flask users import`: what it says, what it stores, and with which exit code it ends."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import func, select, text

from app.extensions import Kring, db
from app.lib.people_csv import MOST_BYTES
from app.models import LogEntry, OutgoingMail, Role, User
from tests.cast import Cast

Run = Callable[..., Result]
HEADER = "email;name;department;job_title;roles\n"
GOOD = "a@b.nl;Anna Bos;Zorg;Consulent;blogger\nb@b.nl;Bo;;;\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return where the list lies."""
    return tmp_path / "mensen.csv"


@pytest.fixture
def run(app: Kring, cast: Cast, file: Path) -> Run:
    """Return what imports a text, or what lies there already, as a process of its own would."""

    def on_file(content: str | bytes | None = None, *options: str) -> Result:
        if content is not None:
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        db.session.rollback()
        result = app.test_cli_runner().invoke(args=["users", "import", str(file), *options])
        db.session.rollback()
        return result

    return on_file


def people() -> int:
    """Count the accounts with an address in `b.nl`."""
    return db.session.scalar(select(func.count()).where(User.email.endswith("@b.nl"))) or 0


def test_all_lines_are_taken(run: Run) -> None:
    result = run(HEADER + GOOD)
    assert result.exit_code == 0, result.output
    assert result.stdout == "2 toegevoegd, 0 bijgewerkt, 0 ongewijzigd, 0 geweigerd\n"
    assert "2/2" in result.stderr
    anna = db.session.scalars(select(User).where(User.email == "a@b.nl")).one()
    assert anna.roles == {Role.MEMBER, Role.BLOGGER} and anna.password_hash is None
    assert not db.session.scalars(select(OutgoingMail.id)).all()


def test_again_it_updates_and_doubles_nobody(run: Run) -> None:
    run(HEADER + GOOD)
    result = run(HEADER + GOOD.replace("Anna Bos", "Anna de Boer"))
    assert result.stdout == "0 toegevoegd, 1 bijgewerkt, 1 ongewijzigd, 0 geweigerd\n"
    result = run()
    assert result.exit_code == 0 and "2 ongewijzigd" in result.stdout
    assert people() == 2


def test_each_refused_line_is_told_and_the_others_are_stored(run: Run) -> None:
    bad = "".join(f"fout{n};Persoon;;;\n" for n in range(500))
    last = 'c@b.nl;=HYPERLINK("x");;;\nd@b.nl;Dirk;;;beheerder\n'
    result = run(HEADER + GOOD + bad + last)
    assert result.exit_code == 1
    assert result.stdout == "2 toegevoegd, 0 bijgewerkt, 0 ongewijzigd, 502 geweigerd\n"
    told = [line for line in result.stderr.splitlines() if line.startswith("Regel")]
    assert len(told) == 502
    assert told[0] == "Regel 4 (fout0): Dit is geen e-mailadres."
    assert told[-2].startswith("Regel 504 (c@b.nl): Naam: begint met een teken")
    assert told[-1].startswith("Regel 505 (d@b.nl): Een import maakt niemand beheerder.")
    assert people() == 2


def test_a_trial_stores_nothing(run: Run) -> None:
    result = run(HEADER + GOOD + "fout;x\n", "--dry-run")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "Dit was een proef: er is niets opgeslagen.",
        "2 toegevoegd, 0 bijgewerkt, 0 ongewijzigd, 1 geweigerd",
    ]
    assert people() == 0 and not db.session.scalars(select(LogEntry.id)).all()


def test_a_list_as_excel_saves_it(run: Run) -> None:
    text = "Naam,E-mailadres,Telefoon\r\nZoë Bos,zoe@b.nl,06\r\n"
    result = run(text.encode("cp1252"))
    assert result.exit_code == 0 and "weggelaten: Telefoon" in result.stderr
    assert db.session.scalars(select(User.name).where(User.email == "zoe@b.nl")).one() == "Zoë Bos"


def test_what_stands_in_a_list_does_nothing_to_a_terminal(run: Run) -> None:
    result = run("email;name;\x1b[2J\nfout\x1b[2J;Anna;\na@b.nl;Anna;\n")
    assert "\x1b" not in result.output


@pytest.mark.parametrize(
    "content, said",
    [
        ("", "Dit bestand is leeg."),
        ("naam\nAnna\n", "Deze ontbreken: email."),
        (b"PK\x03\x04rest", "Dit is geen CSV-bestand."),
        (HEADER + "\n" * 25_000 + GOOD, "meer dan 20000 regels"),
    ],
)
def test_a_file_of_which_nothing_can_be_used(run: Run, content: str | bytes, said: str) -> None:
    result = run(content)
    assert result.exit_code == 1 and said in result.stderr and "Traceback" not in result.output
    assert people() == 0


def test_a_file_of_fifty_megabytes_is_not_read(run: Run, file: Path) -> None:
    with file.open("wb") as stream:
        stream.write(HEADER.encode())
        stream.truncate(50_000_000)
    result = run()
    assert result.exit_code == 1
    assert f"groter dan {MOST_BYTES // 1_000_000} MB" in result.stderr


def test_no_file(run: Run) -> None:
    result = run()
    assert result.exit_code == 2 and "mensen.csv" in result.stderr


def test_a_folder(run: Run, file: Path) -> None:
    file.mkdir()
    result = run()
    assert result.exit_code == 2 and "mensen.csv" in result.stderr


def test_a_file_that_cannot_be_read(app: Kring, run: Run) -> None:
    assert run(HEADER).exit_code == 0
    result = app.test_cli_runner().invoke(args=["users", "import", "/proc/self/mem"])
    assert result.exit_code == 1 and "/proc/self/mem kan niet worden gelezen" in result.stderr


def test_a_database_that_is_behind(run: Run) -> None:
    version = text("UPDATE alembic_version SET version_num = :version")
    kept = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    db.session.execute(version, {"version": "0002"})
    db.session.commit()
    try:
        result = run(HEADER + GOOD)
    finally:
        db.session.execute(version, {"version": kept})
        db.session.commit()
    assert result.exit_code == 1 and "flask db upgrade" in result.stderr
    assert people() == 0
