"""Mail leaves through a real mail server of our own, that can refuse, delay and be away."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes
from email.message import Message
from email.policy import default

import pytest
import time_machine
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import select

from app import create_app
from app.extensions import Kring, db
from app.lib.clock import now
from app.models import OutgoingMail
from app.services import outbox
from tests.cast import Cast, discussion
from tests.checking import CheckingClient

HEADERS = {
    "content-type", "mime-version", "content-transfer-encoding", "subject", "from", "to", "date",
    "message-id", "auto-submitted",
}  # fmt: skip


@dataclass
class Peer:
    """A mail server: keeps what it took, and answers as it is told."""

    answers: list[str] = field(default_factory=list)
    taken: list[Envelope] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        content = envelope.content
        assert isinstance(content, bytes)
        self.asked.append(str(message_from_bytes(content)["Message-ID"]))
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            self.taken.append(envelope)
        return answer

    def mails(self) -> list[Message]:
        taken = [envelope.content for envelope in self.taken]
        return [message_from_bytes(raw, policy=default) for raw in taken if isinstance(raw, bytes)]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture
def peer() -> Iterator[Peer]:
    made = Peer()
    controller = Controller(made, hostname="127.0.0.1", port=free_port())
    controller.start()
    made.url = f"smtp://127.0.0.1:{controller.port}"  # type: ignore[attr-defined]
    yield made
    controller.stop()


@pytest.fixture
def app(app: Kring, peer: Peer) -> Iterator[Kring]:
    """Return an application that sends by this server, at once."""
    mailing = create_app({"TESTING": True, "MAIL_URL": peer.url})  # type: ignore[attr-defined]
    yield mailing
    mailing.extensions["kring_views"].close()
    with mailing.app_context():
        db.session.remove()
        db.engine.dispose()


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
    app.config["MAIL_PORT"] = free_port()
    app.extensions["mailman"].port = app.config["MAIL_PORT"]
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
