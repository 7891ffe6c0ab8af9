"""Mail leaves through a real mail server of our own, that can refuse, delay and be away."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
import time_machine
from flask import current_app
from sqlalchemy import func, select

from app import create_app
from app.extensions import Kring, db
from app.lib.clock import now
from app.models import OutgoingMail
from app.services import mail_password, mail_server, outbox
from tests import settings
from tests.cast import Cast, discussion
from tests.checking import CheckingClient
from tests.databases import let_go
from tests.mail_peer import (
    PASSWORD,
    USER,
    Peer,
    asking_who,
    free_port,
    make_certificate,
    serving,
)

HEADERS = {
    "content-type", "mime-version", "content-transfer-encoding", "subject", "from", "to", "date",
    "message-id", "auto-submitted",
}  # fmt: skip


@pytest.fixture
def peer() -> Iterator[Peer]:
    """Return a mail server."""
    with serving() as made:
        yield made


@pytest.fixture
def app(app: Kring, peer: Peer) -> Iterator[Kring]:
    """Return an application that sends by this server, at once."""
    mailing = create_app({"TESTING": True, "MAIL_URL": peer.url})
    yield mailing
    let_go(mailing)


def post(cast: Cast) -> OutgoingMail:
    mail = outbox.post(cast.member, "password_changed")
    db.session.commit()
    return mail


def test_a_mail_is_delivered_once(cast: Cast, peer: Peer) -> None:
    mail = post(cast)
    assert outbox.deliver_due() == 1
    assert outbox.deliver_due() == 0
    [envelope] = peer.taken
    assert envelope.rcpt_tos == [cast.member.email]
    [read] = peer.mails()
    assert read["Message-ID"] == mail.message_id and read["To"] == cast.member.email
    assert {name.lower() for name in read} <= HEADERS
    assert cast.member.name in read.get_content()  # type: ignore[attr-defined]  # of EmailMessage
    assert mail.sent_at is not None and mail.attempts == 1


def test_a_later_try_has_the_same_number_and_comes_ever_later(cast: Cast, peer: Peer) -> None:
    peer.answers += ["451 later", "421 busy", "452 full"]
    mail, start = post(cast), now()
    waits = []
    for _ in range(3):
        with time_machine.travel(mail.next_try_at + timedelta(seconds=1), tick=False):
            assert outbox.deliver_due() == 0
            waits.append(mail.next_try_at - now())
            assert mail.failed_at is None and mail.error
            assert outbox.deliver_due() == 0, "not before its time"
    assert waits == [timedelta(minutes=n) for n in (1, 2, 4)]
    with time_machine.travel(start + timedelta(hours=1)):
        assert outbox.deliver_due() == 1
    assert peer.asked == [mail.message_id] * 4
    assert len(peer.taken) == 1


def test_what_is_refused_for_good_is_parked(cast: Cast, peer: Peer) -> None:
    peer.answers += ["550 no such person"]
    mail = post(cast)
    assert outbox.deliver_due() == 0
    assert mail.failed_at is not None and "550" in mail.error
    with time_machine.travel(now() + timedelta(days=7)):
        assert outbox.deliver_due() == 0
    assert len(peer.asked) == 1


def test_after_eight_tries_it_is_given_up(cast: Cast, peer: Peer) -> None:
    peer.answers += ["451 later"] * 20
    mail = post(cast)
    for _ in range(12):
        with time_machine.travel(mail.next_try_at + timedelta(seconds=1)):
            outbox.deliver_due()
    assert mail.attempts == outbox.TRIES == len(peer.asked)
    assert mail.failed_at is not None


def test_one_refused_mail_does_not_keep_others(cast: Cast, peer: Peer) -> None:
    peer.answers += ["550 no", "451 later"]
    for _ in range(3):
        post(cast)
    assert outbox.deliver_due() == 1


def test_a_server_that_is_down_costs_no_request(
    app: Kring, cast: Cast, client: CheckingClient
) -> None:
    app.config["MAIL_URL"] = f"smtp://127.0.0.1:{free_port()}"
    answer = client.post("/password/forgot", data={"email": cast.member.email})
    assert answer.status_code == 200
    mail = db.session.scalars(select(OutgoingMail)).one()
    assert mail.sent_at is None and mail.failed_at is None and mail.error


@pytest.mark.parametrize(
    "name",
    [
        "Jan\r\nBcc: x@evil.example",
        "Jan\nSubject: anders",
        "Jan\r\n\r\n<b>tekst</b>",
        "Jan\u2028Bcc: x@evil.example",
        "=?utf-8?q?=0ABcc:_x@evil.example?=",
    ],
)
def test_a_name_adds_no_header_and_no_reader(app: Kring, cast: Cast, peer: Peer, name: str) -> None:
    """Names come from people and from imports; titles stand in subjects."""
    cast.manager.name = cast.member.name = name[:120]
    taken = discussion(cast.member, name[:150])
    outbox.post(cast.member, "password_changed")
    with app.test_request_context():
        outbox.post(cast.member, "moderation_hidden", subject=taken, reason=name)
    outbox.post(
        cast.member, "role_granted", role="blogger", theme=None, reason=name, actor=cast.manager
    )
    db.session.commit()
    assert outbox.deliver_due() == 3
    for envelope, read in zip(peer.taken, peer.mails(), strict=True):
        assert envelope.rcpt_tos == [cast.member.email]
        assert {header.lower() for header in read} <= HEADERS
        assert "\n" not in read["Subject"]
        assert not read.is_multipart()


def test_the_secret_of_a_link_is_in_the_mail_only(
    cast: Cast, peer: Peer, client: CheckingClient
) -> None:
    client.post("/password/forgot", data={"email": cast.member.email})
    outbox.deliver_due()
    mail = db.session.scalars(select(OutgoingMail)).one()
    secret = outbox.secret_of(mail.message_id)
    [read] = peer.mails()
    assert secret in read.get_content()  # type: ignore[attr-defined]  # of EmailMessage
    assert secret not in mail.body


def test_settings_name_the_server(cast: Cast) -> None:
    """They are read for each mail: the worker need not start anew."""
    app = current_app
    app.config["MAIL_URL"] = ""
    with serving(**asking_who()) as other:
        settings.change(
            mail_host="127.0.0.1", mail_port=other.port, mail_security="none", mail_username=USER,
            mail_from="kring@voorbeeldstad.example",
        )  # fmt: skip
        mail_password.write(mail_server.place(), PASSWORD)
        post(cast)
        assert outbox.deliver_due() == 1
        [read] = other.mails()
        assert read["From"] == "kring@voorbeeldstad.example"
        assert other.taken[0].mail_from == "kring@voorbeeldstad.example"


def test_a_password_that_is_wrong_can_be_mended(cast: Cast) -> None:
    """It is no reason to give up on the mail, and what the server says of it is not kept."""
    with serving(**asking_who()) as other:
        current_app.config["MAIL_URL"] = f"smtp://{USER}:verkeerd@127.0.0.1:{other.port}"
        mail = post(cast)
        assert outbox.deliver_due() == 0
        assert mail.failed_at is None and mail.error.startswith("535")
        current_app.config["MAIL_URL"] = (
            f"smtp://{USER}:{quote(PASSWORD, safe='')}@127.0.0.1:{other.port}"
        )
        with time_machine.travel(mail.next_try_at + timedelta(seconds=1)):
            assert outbox.deliver_due() == 1


@pytest.mark.parametrize("scheme", ["smtps", "smtp+tls"])
def test_a_certificate_must_be_vouched_for(
    cast: Cast, scheme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else anyone on the way could take the password and read the mail."""
    certificate = make_certificate(tmp_path)
    how = {"ssl_context" if scheme == "smtps" else "tls_context": certificate.context()}
    with serving(**how) as other:
        current_app.config["MAIL_URL"] = f"{scheme}://127.0.0.1:{other.port}"
        mail = post(cast)
        assert outbox.deliver_due() == 0
        assert "certificate verify failed" in mail.error and not other.taken
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.path))
        with time_machine.travel(mail.next_try_at + timedelta(seconds=1)):
            assert outbox.deliver_due() == 1


def test_what_was_given_up_is_tried_again(cast: Cast, peer: Peer) -> None:
    peer.answers += ["550 no such person", "550 no"]
    first, second = post(cast), post(cast)
    outbox.deliver_due()
    assert outbox.try_again(first.id) == 1
    db.session.commit()
    assert outbox.deliver_due() == 1
    db.session.refresh(second)
    assert second.failed_at is not None
    assert outbox.try_again() == 1
    db.session.commit()
    assert outbox.deliver_due() == 1
    assert db.session.scalar(select(func.count()).where(OutgoingMail.sent_at.is_(None))) == 0


def test_a_mail_that_cannot_be_made_keeps_no_others(cast: Cast, peer: Peer) -> None:
    post(cast).recipient = "geen\nadres"
    post(cast)
    assert outbox.deliver_due() == 1
    assert len(peer.taken) == 1
