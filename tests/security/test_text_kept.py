"""Whatever goes wrong while someone writes: their text is there, and one button sends it again.

All by plain HTTP, the whole way round, as a browser without JavaScript goes it.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

import app as app_module
from app import create_app
from app.extensions import Kring, db
from app.models import Comment, Discussion, User
from tests.cast import PASSWORD, Cast, discussion
from tests.checking import CheckingClient
from tests.databases import KIND, let_go
from tests.security.pages import form_of

ClientOf = Callable[[User | None], CheckingClient]
WRITTEN = 'Regel één & "twee"\n\n  <b>drie</b>\n\t– €'
SECONDS = 0.2


@pytest.fixture
def app(app: Kring) -> Iterator[Kring]:
    """Return an application that does not wait long for a lock."""
    impatient = create_app(
        {"TESTING": True, "PROPAGATE_EXCEPTIONS": False, "DATABASE_PATIENCE": SECONDS}
    )
    yield impatient
    let_go(impatient)


@pytest.fixture
def asked(cast: Cast) -> Discussion:
    """Return a question to answer."""
    return discussion(cast.other, "Hoe doen jullie dit?")


@contextmanager
def locked(app: Kring) -> Iterator[None]:
    """Hold the database as another process does that is long at work."""
    db.session.rollback()
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    if KIND == "sqlite":
        assert url.database
        holder = sqlite3.connect(url.database, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
    else:
        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
        holder = psycopg.connect(plain)  # type: ignore[assignment]  # both have what is needed
        holder.execute("LOCK TABLE content, users")
    try:
        yield
    finally:
        holder.rollback()
        holder.close()


def replies() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Comment.body)))


def test_an_expired_token(asked: Discussion, client: CheckingClient) -> None:
    path = f"/content/{asked.id}/comments"
    answer = client.post(path, data={"body": WRITTEN, "csrf_token": "expired"}, csrf=False)
    assert answer.status_code == 400
    form = form_of(answer)
    assert form.fields["body"].strip("\n") == WRITTEN
    assert form.send(client).status_code == 303
    assert replies() == [WRITTEN]


def test_a_piece_with_all_its_fields(cast: Cast, client: CheckingClient) -> None:
    given = {
        "title": "Één titel", "body": WRITTEN, "is_question": "0", "tags": "een, twee",
        "theme_id": str(cast.theme.id),
    }  # fmt: skip
    answer = client.post("/discussions/new", data=given, csrf=False)
    assert form_of(answer).send(client).status_code == 303
    made = db.session.scalars(select(Discussion)).one()
    assert (made.title, made.body, made.is_question) == ("Één titel", WRITTEN, False)
    assert made.theme_id == cast.theme.id


@pytest.mark.parametrize("stale", [False, True])
def test_signed_out_while_writing(
    asked: Discussion, cast: Cast, client_of: ClientOf, stale: bool
) -> None:
    """Also when the page to sign in has been open so long that its own token expired."""
    client, email = client_of(None), cast.member.email
    path = f"/content/{asked.id}/comments"
    refused = client.post(path, data={"body": WRITTEN, "seen": "0"}, csrf=False)
    assert refused.status_code == 401
    form = form_of(refused)
    if stale:
        again = form.send(client, email=email, password=PASSWORD, csrf_token="expired")
        assert again.status_code == 400
        form = form_of(again)
        assert PASSWORD not in again.text
    wrong = form.send(client, email=email, password="niet-mijn-wachtwoord")
    assert wrong.status_code == 422
    signed_in = form_of(wrong).send(client, email=email, password=PASSWORD)
    assert signed_in.status_code == 200
    assert form_of(signed_in).fields["body"].strip("\n") == WRITTEN
    assert form_of(signed_in).send(client).status_code == 303
    assert replies() == [WRITTEN]


def test_what_was_kept_never_goes_to_another_site(cast: Cast, client_of: ClientOf) -> None:
    given = {"email": cast.member.email, "password": PASSWORD}
    for path in (
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "javascript:alert(1)",
    ):
        kept = json.dumps({"path": path, "fields": [["body", "geheim"]]})
        answer = client_of(None).post("/login", data={**given, "kept": kept})
        assert answer.status_code == 303 and answer.location == "/"


@pytest.mark.parametrize("token", ["good", "expired"])
def test_a_locked_database(
    app: Kring, asked: Discussion, client: CheckingClient, token: str
) -> None:
    sent = {"body": WRITTEN} | ({} if token == "good" else {"csrf_token": token})
    path = f"/content/{asked.id}/comments"
    client.get(f"/discussions/{asked.id}-x")
    with locked(app):
        answer = client.post(path, data=sent)
        if answer.status_code == 400 and token == "expired":
            # A reply asks for the lock last: a token that is no good can be told before.
            answer = form_of(answer).send(client)
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        form = form_of(answer)
        assert form.fields["body"].strip("\n") == WRITTEN
        assert form.send(client).status_code == 503
    assert replies() == []
    done = form.send(client)
    if token == "expired":  # a session that could not be asked may need its token anew
        done = done if done.status_code == 303 else form_of(done).send(client)
    assert done.status_code == 303
    assert replies() == [WRITTEN]


@pytest.mark.sqlite
def test_a_locked_database_can_still_be_read(
    app: Kring, asked: Discussion, client: CheckingClient
) -> None:
    path = f"/discussions/{asked.id}-{asked.slug}"
    with locked(app):
        assert client.get(path).status_code == 200


def test_reading_without_a_database_offers_no_form(
    client: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is nothing to send again; a way out in time is what helps."""

    def lost(_token: str, **_how: bool) -> None:
        raise OperationalError("SELECT", {}, Exception("connection lost"))

    monkeypatch.setattr(app_module, "signed_in", lost)
    answer = client.get("/people")
    assert answer.status_code == 503 and answer.headers["Retry-After"]
    assert "<form" not in answer.text


def test_nobody_waits_longer_than_the_patience(app: Kring) -> None:
    asked = "PRAGMA busy_timeout" if KIND == "sqlite" else "SHOW lock_timeout"
    with app.app_context():
        found = db.session.scalar(text(asked))
        db.session.rollback()
    assert str(found).removesuffix("ms") == str(int(SECONDS * 1000))


def test_too_much_at_once(client: CheckingClient) -> None:
    answer = client.post("/discussions/new", data={"title": "x", "body": "é" * 1024 * 1024 * 2})
    assert answer.status_code == 413
    assert "Maak je tekst korter" in answer.text


def test_a_refused_form_keeps_what_was_filled_in(client: CheckingClient) -> None:
    answer = client.post("/discussions/new", data={"title": "", "body": WRITTEN, "tags": "een"})
    assert answer.status_code == 422
    assert "&lt;b&gt;drie&lt;/b&gt;" in answer.text and 'value="een"' in answer.text
    assert 'id="title-error"' in answer.text
