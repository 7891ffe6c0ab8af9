"""Whether someone is who they say: an e-mail address and a password."""

from datetime import datetime

from sqlalchemy import select

from app.extensions import db
from app.lib.passwords import hash_password, needs_rehash, verify
from app.models import User
from app.services import attempts


class Suspended(Exception):
    """The password is right, but this person cannot sign in until a moment."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


def find(email: str, password: str) -> User | None:
    """Return the person to whom these belong, or None; the same work is done for everyone.

    Ends the transaction half-way: the attempt is stored before it is judged, so that guesses sent
    all at once are counted too, and SQLite's only writer is not kept waiting while argon2 takes
    its tens of milliseconds. Raises attempts.TooManyAttempts, and Suspended for who knows the
    password of an account that is kept out: others learn nothing of that.
    """
    email = email.lower()
    attempts.count_sign_in(email)
    account = db.session.execute(
        select(User.id, User.password_hash).where(
            User.email == email, User.deactivated_at.is_(None)
        )
    ).one_or_none()
    db.session.commit()
    stored = account.password_hash if account else None
    if not verify(stored, password):
        return None
    renewed = hash_password(password) if stored and needs_rehash(stored) else None
    user = db.session.get(User, account.id) if account else None
    if user is None or user.password_hash != stored or not user.is_active:
        return None
    attempts.forgive(email)
    if user.is_suspended and user.suspended_until is not None:
        raise Suspended(user.suspended_until)
    user.password_hash = renewed or user.password_hash
    return user
