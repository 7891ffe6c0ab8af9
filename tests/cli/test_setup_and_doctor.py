"""The administrator's first command, and the one to run when something seems wrong."""

import sqlite3

import pytest
from sqlalchemy import select

from app.extensions import Kring, db
from app.lib import passwords
from app.lib.clock import now
from app.models import OutgoingMail, Role, User
from app.queries.settings import forget_site, site

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
        old = now().replace(year=now().year - 1)
        mail = OutgoingMail(
            message_id="<1@x>", recipient="a@b.example", subject="x", body="y", created_at=old
        )
        db.session.add(mail)
        db.session.commit()
    code, output = doctor(app)
    assert code == 1 and "1 mail" in output


def test_doctor_tells_of_a_database_from_another_version(app: Kring) -> None:
    with app.app_context():
        db.session.execute(db.text("UPDATE alembic_version SET version_num = '9999'"))
        db.session.commit()
    try:
        code, output = doctor(app)
        assert code == 1 and "nieuwer" in output
    finally:
        with app.app_context():
            db.session.execute(db.text("UPDATE alembic_version SET version_num = '0002'"))
            db.session.commit()


@pytest.mark.sqlite
def test_doctor_warns_of_sqlites_rare_fault(app: Kring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 40, 1))
    assert "3.51.3" in doctor(app)[1]
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 3))
    assert "3.51.3" not in doctor(app)[1]
