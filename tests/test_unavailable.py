"""What people see when the database is busy, or something of ours is broken."""

import sqlite3
from pathlib import Path

import pytest
from flask import current_app
from sqlalchemy import event, update

from app.extensions import db
from app.models import UserSession
from app.services import signin
from tests.cast import Cast
from tests.checking import CheckingClient

TEXT = "Een lange tekst\nover twee regels"


@pytest.mark.sqlite
def test_a_busy_database_keeps_the_text(client: CheckingClient, cast: Cast) -> None:
    db.engine.dispose()
    event.listen(db.engine, "connect", lambda c, _r: c.execute("PRAGMA busy_timeout=20"))
    with sqlite3.connect(Path(db.engine.url.database or "")) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = client.post("/account/profile", data={"name": "Lotte", "about": TEXT})
        other.rollback()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert f"{TEXT}</textarea>" in answer.text and 'value="Lotte"' in answer.text
    assert 'action="/account/profile"' in answer.text


@pytest.mark.sqlite
def test_a_busy_database_can_be_read(client: CheckingClient, cast: Cast) -> None:
    client.get("/account")
    db.engine.dispose()
    event.listen(db.engine, "connect", lambda c, _r: c.execute("PRAGMA busy_timeout=20"))
    db.session.execute(update(UserSession).values(must_renew=True))
    db.session.rollback()
    with sqlite3.connect(Path(db.engine.url.database or "")) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = client.get("/account")
        other.rollback()
    assert answer.status_code == 200


def test_a_fault_of_ours_shows_no_trace(
    client: CheckingClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: str) -> None:
        raise ZeroDivisionError("geheim-detail")

    current_app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr(signin, "find", broken)
    answer = client.post("/login", data={"email": "a@b.example", "password": "x"})
    assert answer.status_code == 500
    assert "geheim-detail" not in answer.text and "Traceback" not in answer.text
    assert "Er ging bij ons iets mis" in answer.text
