"""Mail leaves through the outbox: written in the transaction, sent after it.

A link that lets its holder in stands in the stored text as SECRET_PLACE only. The secret is
computed from the mail's own id and the secret key when the mail leaves, so that a copy of the
database holds nothing that opens an account. It is put in addresses of our own only: what someone
wrote in a mail cannot carry it elsewhere.
"""

import base64
import hashlib
import hmac
import re
from datetime import timedelta
from email.utils import make_msgid
from urllib.parse import urlsplit

from flask import current_app, render_template
from flask_babel import force_locale
from sqlalchemy import select, update

from app.extensions import after_commit, db
from app.lib import mailer
from app.lib.clock import now
from app.models import OutgoingMail, User
from app.services import mail_server
from app.site import site

TRIES = 8
SECRET_PLACE = "kring-secret-of-this-mail"


def secret_of(message_id: str) -> str:
    """Return the 256 bits that belong to one mail, as text for an address."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    made = hmac.digest(key, b"secret of mail " + message_id.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def post(user: User, template: str, **values: object) -> OutgoingMail:
    """Put a mail to `user` in the outbox.

    `mail/<template>.txt` holds the text; its first line is the subject. It leaves when the
    transaction has been committed, and is tried again when the mail server does not take it.
    """
    return post_to(user.email, user.locale, template, user=user, **values)


def post_to(address: str, locale: str, template: str, **values: object) -> OutgoingMail:
    """Put a mail to an address in the outbox, as `post` does for a member."""
    with force_locale(locale):
        text = render_template(f"mail/{template}.txt", site=site(), **values)
    subject, _, body = text.strip().partition("\n")
    mail = OutgoingMail(
        message_id=make_msgid(domain=urlsplit(current_app.config["BASE_URL"]).hostname),
        recipient=address,
        subject=" ".join(subject.split())[:250],
        body=body.strip() + "\n",
    )
    db.session.add(mail)
    after_commit(current_app.extensions["deliver_mail"])
    return mail


def deliver_due() -> int:
    """Send what is due, each mail in a transaction of its own; return how many left.

    A mail server that is down costs patience only: the next try comes after 1, 2, 4 … minutes. What
    it refuses for good, or has failed eight times, is parked with its error for the settings page.
    """
    sent = 0
    due = select(OutgoingMail.id).where(
        OutgoingMail.sent_at.is_(None),
        OutgoingMail.failed_at.is_(None),
        OutgoingMail.next_try_at <= now(),
    )
    for key in db.session.scalars(due.order_by(OutgoingMail.id).limit(200)).all():
        sent += deliver(key)
    return sent


def deliver(key: int) -> bool:
    """Send one mail and keep the outcome; tell whether it left."""
    mail = db.session.get(OutgoingMail, key, with_for_update={"skip_locked": True})
    if mail is None or mail.sent_at is not None:
        return False
    mail.attempts += 1
    try:
        send(mail)
    except OSError as error:  # before ValueError: a certificate that is wrong is both
        mail.error = mail_server.in_short(error)
        mail.next_try_at = now() + timedelta(minutes=2 ** (mail.attempts - 1))
        if mail.attempts >= TRIES:
            mail.failed_at = now()
    except (mailer.RefusedForGood, ValueError) as error:
        mail.failed_at, mail.error = now(), str(error)
    else:
        mail.sent_at = now()
    db.session.commit()
    return mail.sent_at is not None


def try_again(key: int | None = None) -> int:
    """Let mail that was given up wait for its turn once more: one, or all of it; return how many."""
    again = update(OutgoingMail).where(OutgoingMail.failed_at.is_not(None))
    if key is not None:
        again = again.where(OutgoingMail.id == key)
    again = again.execution_options(synchronize_session=False)
    done = db.session.execute(again.values(failed_at=None, attempts=0, next_try_at=now()))
    after_commit(current_app.extensions["deliver_mail"])
    return int(done.rowcount)  # type: ignore[attr-defined]  # an UPDATE has a row count


def send(mail: OutgoingMail) -> None:
    """Send one mail by the server that there is now; without one it becomes a file.

    Raises what `mailer.send` raises, and ValueError for a mail that no server could take.
    """
    text = with_secret(mail)
    made = mailer.compose(mail_server.sender(), mail.recipient, mail.subject, text, mail.message_id)
    if server := mail_server.present():
        mailer.send(server, made)
    else:
        mailer.keep(current_app.config["MAIL_FOLDER"], made)


def with_secret(mail: OutgoingMail) -> str:
    """Return the text of a mail with its secret at the end of links to us, and nowhere else."""
    ours = re.escape(current_app.config["BASE_URL"])
    secret = secret_of(mail.message_id)
    return re.sub(rf"(?<!\S)({ours}/[\w/-]*){SECRET_PLACE}(?!\S)", rf"\g<1>{secret}", mail.body)
