"""The administrator's first command, and the one to run when something seems wrong."""

import sqlite3
from datetime import timedelta

import pytest
import time_machine
from flask_babel import gettext
from sqlalchemy import select, update

from app.extensions import Kring, db
from app.lib import passwords
from app.lib.clock import now
from app.models import LogEntry, LogHead, OutgoingMail, Role, User
from app.services import security_txt, settings
from app.site import forget_site, site

ANSWERS = {
    "--community": "Kring Casemanagers", "--municipality": "Gemeente Voorbeeldstad",
    "--name": "Els Beheer", "--email": "Els@voorbeeldstad.example",
    "--password": "rustig-paard-kiest-morgen",
}  # fmt: skip


def setup(app: Kring, **changed: str) -> tuple[int, str]:
    """Run `flask setup` with these answers; return exit code and output."""
    answers = ANSWERS | {f"--{name}": value for name, value in changed.items()}
    arguments = ["setup", *(part for pair in answers.items() for part in pair)]
    result = app.test_cli_runner().invoke(args=arguments)
    return result.exit_code, result.output


def test_setup_makes_a_first_administrator_who_can_sign_in(app: Kring) -> None:
    code, output = setup(app)
    assert code == 0 and "Kring Casemanagers" in output
    with app.app_context():
        (user,) = db.session.scalars(select(User))
        assert user.email == "els@voorbeeldstad.example"
        assert {Role.ADMINISTRATOR, Role.MANAGER} <= user.roles
        assert passwords.verify(user.password_hash, ANSWERS["--password"])
        forget_site()
        assert site().municipality == "Gemeente Voorbeeldstad"


@pytest.mark.parametrize(
    "changed", [{"password": "kort"}, {"password": "wachtwoord1234"}, {"email": "els"}]
)
def test_setup_refuses_bad_answers_and_makes_nothing(app: Kring, changed: dict[str, str]) -> None:
    code, output = setup(app, **changed)
    assert code == 1 and "Traceback" not in output
    with app.app_context():
        assert not db.session.scalars(select(User)).all()


def test_setup_leaves_a_community_with_accounts_alone(app: Kring) -> None:
    setup(app)
    code, output = setup(app, email="inbreker@voorbeeldstad.example")
    assert code == 1 and "al accounts" in output
    with app.app_context():
        assert len(db.session.scalars(select(User)).all()) == 1


def doctor(app: Kring) -> tuple[int, str]:
    """Run `flask doctor`; return exit code and output."""
    result = app.test_cli_runner().invoke(args=["doctor"])
    return result.exit_code, result.output


def test_doctor_finds_a_sound_installation_sound(app: Kring) -> None:
    code, output = doctor(app)
    assert code == 0, output
    assert "FOUT" not in output


def test_doctor_tells_of_passwords_in_the_open(app: Kring) -> None:
    app.config["BASE_URL"] = "http://kring.voorbeeldstad.example"
    code, output = doctor(app)
    assert code == 1 and "https://" in output


def test_doctor_tells_of_a_key_that_others_can_read(app: Kring) -> None:
    key = app.config["INSTANCE"] / "secret_key"
    key.chmod(0o644)
    code, output = doctor(app)
    assert code == 1 and "chmod 600" in output


def test_doctor_tells_of_mail_that_does_not_leave(app: Kring) -> None:
    with app.app_context():
        old = now() - timedelta(days=365)
        mail = OutgoingMail(
            message_id="<1@x>", recipient="a@b.example", subject="x", body="y", created_at=old
        )
        db.session.add(mail)
        db.session.commit()
    code, output = doctor(app)
    assert code == 1 and "1 mail" in output


def test_doctor_tells_of_a_database_from_another_version(app: Kring) -> None:
    version = db.text("UPDATE alembic_version SET version_num = :version")
    with app.app_context():
        kept = db.session.scalar(db.text("SELECT version_num FROM alembic_version"))
        db.session.execute(version, {"version": "9999"})
        db.session.commit()
    try:
        code, output = doctor(app)
        assert code == 1 and "nieuwer" in output
    finally:
        with app.app_context():
            db.session.execute(version, {"version": kept})
            db.session.commit()


@pytest.mark.sqlite
def test_doctor_warns_of_sqlites_rare_fault(app: Kring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 40, 1))
    assert "3.51.3" in doctor(app)[1]
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 3))
    assert "3.51.3" not in doctor(app)[1]


def test_the_words_of_a_command_need_no_database(app: Kring) -> None:
    """A transaction that stays open would keep SQLite's only writer from the command itself."""
    with app.app_context():
        forget_site()
        assert gettext("Settings") == "Instellingen"
        assert not db.session().in_transaction()


@pytest.mark.parametrize(
    "days, sign, text",
    [
        (None, "let op", "geen security.txt"), (200, "ok", "nog 200 dagen"),
        (10, "let op", "nog 10 dagen"), (-1, "FOUT", "is verlopen"),
    ],
)  # fmt: skip
def test_doctor_tells_of_a_contact_that_is_over(
    app: Kring, days: int | None, sign: str, text: str
) -> None:
    with time_machine.travel(now(), tick=False):  # not past midnight in between
        if days is not None:
            until = (security_txt.today() + timedelta(days=days)).isoformat()
            with app.app_context():
                contact = {"security_contact": "veilig@voorbeeldstad.example"}
                settings.change(contact | {"security_expires": until}, None)
                db.session.commit()
        code, output = doctor(app)
    line = next(line for line in output.splitlines() if "security.txt" in line)
    assert sign in line and text in line
    assert code == (sign == "FOUT")


def log_twice(app: Kring) -> str:
    """Log two deeds; return the last hash."""
    with app.app_context():
        settings.change({"tagline": "Samen verder"}, None)
        settings.change({"tagline": "Samen sterker"}, None)
        db.session.commit()
        newest = select(LogEntry.hash).order_by(LogEntry.id.desc()).limit(1)
        return db.session.scalars(newest).one()


def test_doctor_tells_the_end_of_the_log(app: Kring) -> None:
    last = log_twice(app)
    code, output = doctor(app)
    assert code == 0 and f"2 regels. De laatste controlewaarde: {last}" in output


def test_doctor_finds_a_log_that_was_changed(app: Kring) -> None:
    last = log_twice(app)
    with app.app_context():
        made = LogEntry(action="hidden", actor_name="Mo", subject_kind="wiki", hash=last)
        db.session.add(made)
        db.session.commit()
        key = made.id
    code, output = doctor(app)
    (line,) = (line for line in output.splitlines() if "buiten Kring om" in line)
    assert code == 1 and "FOUT" in line and f"regel {key} " in line


def test_doctor_finds_that_the_log_became_shorter(app: Kring) -> None:
    log_twice(app)
    with app.app_context():
        db.session.execute(update(LogHead).values(rows=3))
        db.session.commit()
    code, output = doctor(app)
    assert code == 1 and "Aan het eind van het logboek ontbreken regels" in output
