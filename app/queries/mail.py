"""Mail that has not left: who keeps Kring running looks at it, without its text."""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import load_only

from app.models import OutgoingMail
from app.queries.moderation import Newest

MAILS_A_PAGE = 50
FAILED = Newest(OutgoingMail, ("id",), (int,), MAILS_A_PAGE)


def failed() -> Select[OutgoingMail]:
    """Select the mail that was given up, without its text: that is for its reader."""
    shown = (
        OutgoingMail.recipient, OutgoingMail.subject, OutgoingMail.error, OutgoingMail.failed_at,
        OutgoingMail.attempts,
    )  # fmt: skip
    found = select(OutgoingMail).where(OutgoingMail.failed_at.is_not(None))
    return found.options(load_only(*shown, raiseload=True))


def numbers() -> Select[int, int]:
    """Select how many mails still wait for their turn, and how many were given up."""
    unsent = OutgoingMail.sent_at.is_(None)
    waiting = func.count().filter(OutgoingMail.failed_at.is_(None))
    given_up = func.count().filter(OutgoingMail.failed_at.is_not(None))
    return select(waiting, given_up).select_from(OutgoingMail).where(unsent)
