"""Which server mail leaves by: the environment's, else that of the settings, else none.

The password is no setting: a copy of the database must open no mail server. It stands in a file of
the instance folder, for its owner only. Several machines use KRING_MAIL_URL.
"""

import smtplib
from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app

from app.lib.mailer import Security, Server, server_of
from app.site import site

PASSWORD = "mail_password"
"""The name of the file, and what the log calls it."""


def present() -> Server | None:
    """Return the server that mail leaves by now; None when mail is written into a folder."""
    if by_environment():
        return server_of(current_app.config["MAIL_URL"])
    if not site().mail_host:
        return None
    found = site()
    return Server(
        found.mail_host, found.mail_port, Security(found.mail_security), found.mail_username,
        password(),
    )  # fmt: skip


def by_environment() -> bool:
    """Tell whether KRING_MAIL_URL decides."""
    return bool(current_app.config["MAIL_URL"])


def sender() -> str:
    """Return whose name stands under mail: that of the settings, else one at our own address."""
    own = urlsplit(current_app.config["BASE_URL"]).hostname
    return site().mail_from or f"kring@{own}"


def place() -> Path:
    """Return where the password lies."""
    return Path(current_app.config["INSTANCE"]) / PASSWORD


def password() -> str:
    """Return the password that was kept, or nothing."""
    try:
        return place().read_text()
    except FileNotFoundError:
        return ""


def in_short(error: OSError) -> str:
    """Return what a mail server did, for a list of failures.

    What it answers to a password is left out: some servers repeat what they were given.
    """
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"{error.smtp_code} user name or password refused"
    return str(error)
