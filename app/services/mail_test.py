"""One mail, now, to see whether a mail server takes it; and what went wrong in plain words."""

import smtplib
import socket
import ssl
from email.utils import make_msgid
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, render_template
from flask_babel import gettext as _

from app.extensions import db
from app.lib import mailer
from app.lib.mailer import NoMailServer, RefusedForGood, Server
from app.models import User
from app.services import attempts
from app.site import site


def try_out(server: Server, sender: str, recipient: str, actor: User) -> str:
    """Send a mail by this server at once; return why that did not succeed, or nothing.

    Ends the transaction, with the attempt counted: a server may take tens of seconds, and no other
    writer has to wait for that. Raises attempts.TooManyAttempts.
    """
    attempts.count_mail_test(actor.email)
    text = render_template("mail/mail_test.txt", site=site(), actor=actor)
    subject, _line, body = text.strip().partition("\n")
    number = make_msgid(domain=urlsplit(current_app.config["BASE_URL"]).hostname)
    db.session.commit()
    try:
        mail = mailer.compose(sender, recipient, subject, body.strip() + "\n", number)
        mailer.send(server, mail)
    except (OSError, ValueError, RefusedForGood) as error:
        return in_words(error.__cause__ or error, server)
    return ""


def in_words(error: BaseException, server: Server) -> str:
    """Return what went wrong, for who can mend it. Nothing that a server said is repeated."""
    return str(of_connection(error, server) or of_protocol(error) or of_silence(error, server))


def of_connection(error: BaseException, server: Server) -> Any:
    """Return in words why there is no connection; nothing for another error."""
    host, port = server.host, server.port
    match error:
        case NoMailServer():
            return _("There is no mail server at %(host)s, so Kring does not go there.", host=host)
        case socket.gaierror() | UnicodeError():
            return _("There is no server with the name %(host)s. Check the name.", host=host)
        case ConnectionRefusedError():
            return _(
                "Nothing answers at port %(port)d of %(host)s. Check the port.",
                port=port, host=host,
            )  # fmt: skip
        case ssl.SSLCertVerificationError():
            return _(
                "The certificate of %(host)s is not right, or not for this name: Kring does not"
                " trust it.",
                host=host,
            )
        case ssl.SSLError():
            return _(
                "This server does not speak TLS at port %(port)d. Choose another protection, or"
                " another port.",
                port=port,
            )
    return None


def of_protocol(error: BaseException) -> Any:
    """Return in words what a mail server refused; nothing for another error."""
    match error:
        case smtplib.SMTPNotSupportedError():
            return _(
                "This server cannot do what you ask: this protection, or a user name and password."
            )
        case smtplib.SMTPAuthenticationError():
            return _("The mail server does not take this user name and password.")
        case smtplib.SMTPSenderRefused(smtp_code=code):
            return _(
                "The mail server does not take mail from this sender (code %(code)d).", code=code
            )
        case smtplib.SMTPRecipientsRefused():
            return _("The mail server does not take mail for this address.")
        case smtplib.SMTPResponseException(smtp_code=code) if code > 0:
            return _("The mail server refused (code %(code)d).", code=code)
    return None


def of_silence(error: BaseException, server: Server) -> Any:
    """Return in words where an answer did not come."""
    # smtplib tells of an answer that does not come as of a connection that ended.
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return _(
            "The server did not answer within %(num)d seconds. Check the port and the firewall.",
            num=mailer.SECONDS,
        )
    if isinstance(error, smtplib.SMTPException):
        return _(
            "What answers there is no mail server, or it hung up. Check the port and the"
            " protection."
        )
    if isinstance(error, ValueError):
        return _("This mail cannot be made. Check the sender.")
    return _("%(host)s cannot be reached from here.", host=server.host)
