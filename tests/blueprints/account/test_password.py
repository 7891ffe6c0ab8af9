"""/password/forgot and /password/reset/<token>: a link by mail, good once, for an hour."""

import re
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest
import time_machine
from flask import current_app
from sqlalchemy import func, select, text

from app.extensions import db
from app.lib import mailer
from app.lib.clock import now
from app.models import Grant, LogEntry, OutgoingMail, Token, User, UserSession
from tests.cast import PASSWORD, Cast
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
NEW = "vier-natte-olifanten-zwijgen"


@pytest.fixture
def visitor(cast: Cast, client_of: ClientOf) -> CheckingClient:
    """Return a client that nobody signed in on."""
    return client_of(None)


def mails() -> list[Message]:
    """Return what has left so far, the newest last."""
    folder: Path = current_app.config["MAIL_FOLDER"]
    files = sorted(folder.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
    return [message_from_bytes(file.read_bytes()) for file in files]


def text_of(mail: Message) -> str:
    body = mail.get_payload(decode=True)
    assert isinstance(body, bytes)
    return body.decode()


def ask(visitor: CheckingClient, email: str) -> str:
    """Ask for a link and return its path."""
    assert visitor.post("/password/forgot", data={"email": email}).status_code == 200
    link = re.search(r"http://127.0.0.1:8000(/password/reset/\S+)", text_of(mails()[-1]))
    assert link
    return link[1]


def test_a_link_arrives_and_gives_a_new_password(
    visitor: CheckingClient, cast: Cast, client_of: ClientOf
) -> None:
    elsewhere = client_of(cast.member)
    path = ask(visitor, cast.member.email.upper())
    assert mails()[0]["To"] == cast.member.email
    assert visitor.get(path).status_code == 200
    answer = visitor.post(path, data={"new_password": NEW})
    assert answer.status_code == 303 and answer.location == "/login"
    assert elsewhere.get("/account").status_code == 303, "all sessions have ended"
    assert visitor.get("/account").status_code == 303, "one signs in with the new password"
    data = {"email": cast.member.email, "password": PASSWORD}
    assert visitor.post("/login", data=data).status_code == 422
    assert visitor.post("/login", data=data | {"password": NEW}).status_code == 303
    assert "gewijzigd" in str(mails()[-1]["Subject"])
    assert db.session.scalars(select(LogEntry.action)).all() == ["password_changed"]


def test_looking_does_not_use_the_link_up(visitor: CheckingClient, cast: Cast) -> None:
    path = ask(visitor, cast.member.email)
    for _ in range(3):
        assert visitor.get(path).status_code == 200
        assert visitor.head(path).status_code == 200
    assert visitor.post(path, data={"new_password": NEW}).status_code == 303


def test_a_link_works_once(visitor: CheckingClient, cast: Cast) -> None:
    first, second = ask(visitor, cast.member.email), ask(visitor, cast.member.email)
    visitor.post(first, data={"new_password": NEW})
    for path in (first, second):
        assert visitor.get(path).status_code == 410
        assert visitor.post(path, data={"new_password": NEW + "1"}).status_code == 410


def test_a_link_works_for_an_hour(visitor: CheckingClient, cast: Cast) -> None:
    path = ask(visitor, cast.member.email)
    with time_machine.travel(now() + timedelta(minutes=61)):
        assert visitor.get(path).status_code == 410
        assert visitor.post(path, data={"new_password": NEW}).status_code == 410


def test_a_password_change_ends_open_links(
    visitor: CheckingClient, client: CheckingClient, cast: Cast
) -> None:
    path = ask(visitor, cast.member.email)
    data = {"current_password": PASSWORD, "new_password": NEW}
    assert client.post("/account/security", data=data).status_code == 303
    assert visitor.get(path).status_code == 410


def test_who_left_cannot_use_a_link(visitor: CheckingClient, cast: Cast) -> None:
    path = ask(visitor, cast.member.email)
    cast.member.deactivated_at = now()
    assert visitor.post(path, data={"new_password": NEW}).status_code == 410


def test_a_link_for_something_else_gives_no_password(visitor: CheckingClient, cast: Cast) -> None:
    path = ask(visitor, cast.member.email)
    db.session.execute(text("UPDATE tokens SET purpose = 'invitation'"))
    assert visitor.get(path).status_code == 410


def test_the_database_holds_no_usable_link(
    visitor: CheckingClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_arguments: object) -> None:
        raise ConnectionRefusedError

    sent = ask(visitor, cast.member.email).rpartition("/")[2]
    monkeypatch.setattr(mailer, "keep", down)
    visitor.post("/password/forgot", data={"email": cast.member.email})
    for table in (Token, OutgoingMail):
        rows = str(db.session.execute(select(table.__table__)).all())
        assert sent not in rows
    assert len(sent) >= 43, "256 bits"
    waiting = db.session.scalars(select(OutgoingMail).where(OutgoingMail.sent_at.is_(None))).one()
    for word in re.findall(r"[\w-]{20,}", waiting.body):
        assert visitor.get(f"/password/reset/{word}").status_code == 410
    assert db.session.scalar(select(func.count()).select_from(Token)) == 2


def test_known_and_unknown_addresses_get_the_same_answer(
    visitor: CheckingClient, cast: Cast
) -> None:
    cast.other.deactivated_at = now()
    cast.blogger.password_hash = None
    known = visitor.post("/password/forgot", data={"email": cast.member.email})
    assert len(mails()) == 1
    for email in ("niemand@voorbeeldstad.example", cast.other.email, cast.blogger.email):
        answer = visitor.post("/password/forgot", data={"email": email})
        assert answer.status_code == 200
        assert answer.text.replace(email, "") == known.text.replace(cast.member.email, "")
    assert len(mails()) == 1


@pytest.mark.parametrize(
    "email", ["lotte-lid@voorbeeldstad.example", "niemand@voorbeeldstad.example"]
)
def test_one_account_is_not_flooded(visitor: CheckingClient, email: str) -> None:
    asked = [visitor.post("/password/forgot", data={"email": email}).status_code for _ in range(4)]
    assert asked == [200, 200, 200, 429]


def test_one_address_cannot_mail_everyone(visitor: CheckingClient) -> None:
    asked = [
        visitor.post("/password/forgot", data={"email": f"{n}@x.example"}).status_code
        for n in range(31)
    ]
    assert asked[:30] == [200] * 30 and asked[30] == 429


@pytest.mark.parametrize("email", ["", "geen adres", "a@b", "a@b.example\r\nBcc: c@d.example"])
def test_a_bad_address_is_pointed_out(visitor: CheckingClient, email: str) -> None:
    answer = visitor.post("/password/forgot", data={"email": email})
    assert answer.status_code == 422
    assert 'id="email-error"' in answer.text


@pytest.mark.parametrize(
    "password, advice",
    [("", "is vereist"), ("kort", "minstens 12"), ("welkom2026welkom", "makkelijk te raden"),
     ("lottelid-lottelid", "makkelijk"), ("x" * 257, "hooguit 256")],
)  # fmt: skip
def test_a_weak_password_is_refused_with_advice(
    visitor: CheckingClient, cast: Cast, password: str, advice: str
) -> None:
    path = ask(visitor, cast.member.email)
    answer = visitor.post(path, data={"new_password": password})
    assert answer.status_code == 422
    assert advice in answer.text and 'id="new_password-error"' in answer.text
    assert visitor.get(path).status_code == 200, "the link is still good"


def test_the_address_of_the_page_is_told_to_nobody(visitor: CheckingClient, cast: Cast) -> None:
    path = ask(visitor, cast.member.email)
    for answer in (visitor.get(path), visitor.post(path, data={"new_password": "x"})):
        assert answer.headers["Referrer-Policy"] == "strict-origin"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert not re.findall(r'(?:href|src)="https?://', answer.text)


@pytest.mark.parametrize("token", ["x", "kring-secret-of-this-mail", "é", "a" * 5000])
def test_a_made_up_link_is_over(visitor: CheckingClient, token: str) -> None:
    assert visitor.get(f"/password/reset/{token}").status_code == 410


def test_a_name_adds_no_lines_to_a_mail(visitor: CheckingClient, cast: Cast) -> None:
    cast.member.name = "Lotte\r\nBcc: iedereen@x.example\r\n\r\nKlik op http://kwaad.example"
    ask(visitor, cast.member.email)
    mail = mails()[-1]
    assert set(mail.keys()) == {
        "Content-Type", "MIME-Version", "Content-Transfer-Encoding", "Subject", "From", "To",
        "Date", "Message-ID", "Auto-Submitted",
    }  # fmt: skip
    assert mail["To"] == cast.member.email
    assert "Hallo Lotte Bcc: iedereen@x.example Klik op" in text_of(mail)


def test_extra_fields_give_no_role(visitor: CheckingClient, cast: Cast) -> None:
    before = db.session.scalar(select(func.count()).select_from(Grant))
    path = ask(visitor, cast.member.email)
    extra = {"role": "administrator", "roles": "manager", "grants-0-role": "manager"}
    visitor.post(path, data={"new_password": NEW, "user_id": cast.other.id, **extra})
    assert db.session.scalar(select(func.count()).select_from(Grant)) == before
    assert db.session.scalar(select(func.count()).select_from(UserSession)) == 0
