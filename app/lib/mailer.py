"""Sends one mail: to a mail server, or as a file into the outbox folder."""

import smtplib
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flask import Flask, current_app
from flask_mailman import EmailMessage, Mail

mail = Mail()


class RefusedForGood(Exception):
    """The mail server will never take this mail."""


def init_app(app: Flask) -> None:
    """Read `MAIL_URL`: empty for files, `smtp://`, `smtp+tls://` or `smtps://user:pass@host:port`."""
    url = urlsplit(app.config["MAIL_URL"])
    if url.scheme in {"smtp", "smtp+tls", "smtps"}:
        app.config.update(
            MAIL_BACKEND="smtp",
            MAIL_SERVER=url.hostname,
            MAIL_PORT=url.port or {"smtps": 465, "smtp+tls": 587}.get(url.scheme, 25),
            MAIL_USERNAME=unquote(url.username) if url.username else None,
            MAIL_PASSWORD=unquote(url.password) if url.password else None,
            MAIL_USE_TLS=url.scheme == "smtp+tls",
            MAIL_USE_SSL=url.scheme == "smtps",
            MAIL_TIMEOUT=10,
        )
    else:
        app.config["MAIL_FOLDER"] = app.config["INSTANCE"] / "outbox"
    host = urlsplit(app.config["BASE_URL"]).hostname
    app.config.setdefault("MAIL_DEFAULT_SENDER", f"kring@{host}")
    mail.init_app(app)


def send(recipient: str, subject: str, body: str, message_id: str) -> None:
    """Send a plain-text mail.

    Raises RefusedForGood when the server says that it will never take it, OSError (of which
    smtplib's errors are a kind) when a later try may succeed.
    """
    # A title may look like a header in MIME's coding: left as it is, readers would decode it.
    subject = subject.replace("=?", "= ?")
    message = EmailMessage(
        subject=subject, body=body, to=[recipient],
        headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"},
    )  # fmt: skip
    folder: Path | None = current_app.config.get("MAIL_FOLDER")
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{message_id.strip('<>').partition('@')[0]}.eml").write_bytes(
            message.message().as_bytes()
        )
        return
    connection = message.connection = mail.get_connection()
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        if all(code >= 500 for code, _text in error.recipients.values()):
            raise RefusedForGood(str(error)) from error
        raise
    except smtplib.SMTPResponseException as error:
        if error.smtp_code >= 500:
            raise RefusedForGood(str(error)) from error
        raise
    finally:
        # The library leaves the connection open when the server refuses.
        connection.close()


def greet() -> None:
    """Open and close a connection with the mail server; raises OSError when it does not answer."""
    connection = mail.get_connection()
    connection.open()
    connection.close()
