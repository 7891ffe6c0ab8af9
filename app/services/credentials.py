"""Choosing another password: what it must be, and what ends when it changes."""

from flask_babel import gettext as _
from sqlalchemy import delete

from app.extensions import db
from app.lib import passwords
from app.models import AddressChange, Token, User
from app.services import activity, attempts, outbox, sessions
from app.services.activity import Verb
from app.site import site


def objection(user: User, password: str) -> str | None:
    """Return why this person cannot choose this password, in their language; None when they can.

    Ends the transaction: weighing a password takes a third of a second, and no other writer has to
    wait for that.
    """
    return objection_for(user.name, user.email, password)


def objection_for(name: str, email: str, password: str) -> str | None:
    """Return the same for someone of whom this much is known, such as who has no account yet."""
    known = (name, email, site().name, site().municipality)
    db.session.rollback()
    problem = passwords.problem(password, words=known)
    return problem and explain(problem)


def explain(problem: passwords.Problem) -> str:
    """Return advice in plain words."""
    advice: dict[passwords.Problem, str] = {
        "too_short": _(
            "Use at least %(num)d characters. A few words in a row are easy to remember.",
            num=passwords.MIN_LENGTH,
        ),
        "too_long": _("Use at most %(num)d characters.", num=passwords.MAX_LENGTH),
        "common": _(
            "This password is easy to guess. Choose a few words that have nothing to do with"
            " each other."
        ),
        "contains_name": _(
            "This password is easy to guess for who knows you: your name, your e-mail address or"
            " the name of the organisation is a large part of it."
        ),
    }
    return advice[problem]


def change(user: User, password_hash: str) -> None:
    """Store another password: every session and every mailed link ends, and the person hears it."""
    user.password_hash = password_hash
    sessions.end_all(user.id)
    db.session.execute(delete(Token).where(Token.user_id == user.id))
    db.session.execute(delete(AddressChange).where(AddressChange.user_id == user.id))
    attempts.forgive_everywhere(user.email)
    activity.record(Verb.PASSWORD_CHANGED, user, user)
    outbox.post(user, "password_changed")
