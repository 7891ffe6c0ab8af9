"""A mail server of our own, that can refuse, delay, ask who one is, and speak TLS."""

import socket
import ssl
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "kring", "Zeer-geheim-&-lang-42"


@dataclass
class Peer:
    """A mail server: keeps what it took, and answers as it is told."""

    port: int = 0
    answers: list[str] = field(default_factory=list)
    taken: list[Envelope] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    senders: str = "250 OK"
    recipients: str = "250 OK"

    @property
    def url(self) -> str:
        """Return its address as KRING_MAIL_URL has it."""
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_MAIL(  # noqa: N802  # aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.senders

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if self.recipients.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipients

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        content = envelope.content
        assert isinstance(content, bytes)
        self.asked.append(str(message_from_bytes(content)["Message-ID"]))
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            self.taken.append(envelope)
        return answer

    def mails(self) -> list[Message]:
        """Return what it took."""
        taken = [envelope.content for envelope in self.taken]
        return [message_from_bytes(raw, policy=default) for raw in taken if isinstance(raw, bytes)]


def free_port() -> int:
    """Return a port that nobody is given by chance before its server takes it by number.

    Of a connection that ended here the system remembers the port for a minute: it does not hand it
    out meanwhile, as it could to a test or a connection beside this one.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as client:
            listener.accept()[0].close()
            client.recv(1)
        return port


@contextmanager
def serving(**options: Any) -> Iterator[Peer]:
    """Serve on a free port of this machine."""
    made = Peer(free_port())
    with warnings.catch_warnings():
        # Passwords without TLS are for a test on one machine.
        warnings.filterwarnings("ignore", "Requiring AUTH while not requiring TLS")
        controller = Controller(made, hostname="127.0.0.1", port=made.port, **options)
        controller.start()
        try:
            yield made
        finally:
            controller.stop()


def asking_who() -> dict[str, Any]:
    """Return the options of a server that takes mail of who signs in only."""

    def judge(_server: Any, _session: Any, _envelope: Any, _way: Any, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        known = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=known, handled=False)

    return {"authenticator": judge, "auth_required": True, "auth_require_tls": False}


@dataclass(frozen=True)
class Certificate:
    """A certificate for 127.0.0.1 that nobody vouches for, in a file with its key."""

    path: Path

    def context(self) -> ssl.SSLContext:
        """Return with what a server shows it."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path)
        return context


def make_certificate(folder: Path) -> Certificate:
    """Make a certificate."""
    path = folder / "certificate.pem"
    name = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    how = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc", "-days", "2"]
    key = folder / "key.pem"
    command = ["openssl", "req", "-x509", *how, *name, "-keyout", str(key), "-out", str(path)]
    subprocess.run(command, check=True, capture_output=True)
    path.write_text(path.read_text() + key.read_text())
    return Certificate(path)
