"""Sends one mail: to a mail server, or as a file into a folder."""

import ipaddress
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import localtime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

SECONDS = 10
"""How long a mail server may take for each answer."""
# Municipal mail servers stand inside, at private addresses, so those are allowed: only the
# administrator names a server. Link-local addresses are no mail server's; clouds answer there with
# the machine's own secrets, to whoever asks.
NEVER = tuple(
    map(ipaddress.ip_network, ("169.254.0.0/16", "fe80::/10", "fd00:ec2::254/128"))
)  # fmt: skip


class Security(StrEnum):
    """How the connection with a mail server is protected."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


PORTS = {Security.NONE: 25, Security.STARTTLS: 587, Security.TLS: 465}
SCHEMES = {"smtp": Security.NONE, "smtp+tls": Security.STARTTLS, "smtps": Security.TLS}


@dataclass(frozen=True)
class Server:
    """A mail server; without a user name it takes mail from anyone it trusts."""

    host: str
    port: int
    security: Security
    username: str = ""
    password: str = field(default="", repr=False)


class RefusedForGood(Exception):
    """The mail server will never take this mail."""


class NoMailServer(OSError):
    """The name leads to an address where no mail server stands, and that is not to be reached."""


def server_of(url: str) -> Server | None:
    """Return the server of `smtp://`, `smtp+tls://` or `smtps://user:pass@host:port`, else None."""
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES or not parts.hostname:
        return None
    security = SCHEMES[parts.scheme]
    return Server(
        parts.hostname, parts.port or PORTS[security], security, unquote(parts.username or ""),
        unquote(parts.password or ""),
    )  # fmt: skip


def compose(sender: str, recipient: str, subject: str, body: str, message_id: str) -> EmailMessage:
    """Return a plain-text mail. Raises ValueError for an address or a subject that is none."""
    mail = EmailMessage()
    # A title may look like a header in MIME's coding: left as it is, readers would decode it.
    mail["Subject"] = subject.replace("=?", "= ?")
    mail["From"], mail["To"] = sender, recipient
    mail["Date"], mail["Message-ID"] = localtime(), message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(body, cte="quoted-printable")
    return mail


def send(server: Server, mail: EmailMessage) -> None:
    """Send a mail.

    Raises RefusedForGood when the server says that it will never take it, OSError (of which
    smtplib's errors are a kind) when a later try may succeed.
    """
    with connected(server) as connection:
        try:
            connection.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            if all(code >= 500 for code, _text in error.recipients.values()):
                raise RefusedForGood(str(error)) from error
            raise
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            if error.smtp_code >= 500:
                raise RefusedForGood(str(error)) from error
            raise


def keep(folder: Path, mail: EmailMessage) -> None:
    """Write a mail as a file into a folder, for want of a mail server."""
    folder.mkdir(parents=True, exist_ok=True)
    name = mail["Message-ID"].strip("<>").partition("@")[0]
    (folder / f"{name}.eml").write_bytes(mail.as_bytes())


def greet(server: Server) -> None:
    """Open and close a connection with a mail server; raises OSError when that does not succeed."""
    with connected(server):
        pass


@contextmanager
def connected(server: Server) -> Iterator[smtplib.SMTP]:
    """Open a connection with a mail server and sign in there; raises OSError."""
    # The system's own list of who may vouch: a certificate that nobody vouches for is refused.
    trust = ssl.create_default_context()
    place: dict[str, Any] = {
        "host": server.host, "port": server.port, "local_hostname": own_name(), "timeout": SECONDS,
    }  # fmt: skip
    secret = server.security is Security.TLS
    connection = TlsConnection(**place, context=trust) if secret else Connection(**place)
    try:
        if server.security is Security.STARTTLS:
            connection.starttls(context=trust)
        if server.username:
            connection.login(server.username, server.password)
        yield connection
        with suppress(OSError):  # what was sent, was sent
            connection.quit()
    finally:
        connection.close()


@cache
def own_name() -> str:
    """Return by what name this machine greets; looking it up can take seconds."""
    name = socket.getfqdn()
    return name if "." in name else "[127.0.0.1]"


class Connection(smtplib.SMTP):
    """A connection that looks where a name leads before it goes there."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        """Connect with the first address that answers: those looked at, not looked up once more."""
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [str(address[0]) for *_rest, address in found]
        if any(map(is_never, addresses)):
            raise NoMailServer(f"{host} is no mail server")
        for address in addresses[:-1]:
            try:
                return socket.create_connection((address, port), timeout)
            except OSError:
                continue
        return socket.create_connection((addresses[-1], port), timeout)


class TlsConnection(smtplib.SMTP_SSL, Connection):
    """The same, protected from the first byte."""


def is_never(address: str) -> bool:
    """Tell whether an address is one of those that no mail server has."""
    known = ipaddress.ip_address(address.partition("%")[0])
    known = getattr(known, "ipv4_mapped", None) or known
    return any(known in network for network in NEVER if network.version == known.version)
