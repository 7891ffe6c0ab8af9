"""What Kring mailed in a test without a browser."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from flask import current_app


def mails(address: str | None = None) -> list[EmailMessage]:
    """Return what has left so far, to one address or to all, the newest last."""
    folder: Path = current_app.config["MAIL_FOLDER"]
    files = sorted(folder.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
    found = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    return [mail for mail in found if address in {None, mail["To"]}]


def text_of(mail: EmailMessage) -> str:
    """Return the text of a mail."""
    return str(mail.get_content())


def invited(address: str) -> str:
    """Return the path of the newest invitation that was mailed to an address."""
    links = re.findall(r"http://127\.0\.0\.1:8000(/invitations/\S+)", text_of(mails(address)[-1]))
    assert len(links) == 1, "one link"
    return str(links[0])
