"""A link by mail for who forgot the password: single use, an hour, and kept as a hash."""

from datetime import timedelta

from flask import current_app
from sqlalchemy import select

from app.extensions import after_commit, commit, db
from app.lib.clock import now
from app.models import Token, TokenPurpose, User
from app.services import attempts, credentials, outbox, sessions

LIFETIME = timedelta(hours=1)


def ask(email: str) -> None:
    """Have a link sent to `email` when there is such an account.

    Looking that up is left to the background: the answer here, and the work for it, are the same
    for every address. Raises attempts.TooManyAttempts.
    """
    attempts.count_reset(email.lower())
    after_commit(lambda: current_app.extensions["send_reset_link"](email.lower()))


def send_link(email: str) -> None:
    """Mail a link to the person with this address, if they can sign in at all."""
    user = db.session.scalar(
        select(User).where(
            User.email == email, User.deactivated_at.is_(None), User.password_hash.is_not(None)
        )
    )
    if user is None:
        db.session.rollback()
        return
    link = f"{current_app.config['BASE_URL']}/password/reset/{outbox.SECRET_PLACE}"
    mail = outbox.post(user, "password_reset", link=link)
    db.session.add(
        Token(
            token_hash=sessions.hash_token(outbox.secret_of(mail.message_id)),
            purpose=TokenPurpose.PASSWORD_RESET,
            user_id=user.id,
            expires_at=now() + LIFETIME,
        )
    )
    commit()


def holder(token: str) -> User | None:
    """Return whose link this is, while it can be used."""
    return db.session.scalar(
        select(User)
        .join(Token, Token.user_id == User.id)
        .where(
            Token.token_hash == sessions.hash_token(token),
            Token.purpose == TokenPurpose.PASSWORD_RESET,
            Token.expires_at > now(),
            Token.used_at.is_(None),
            User.deactivated_at.is_(None),
        )
        .with_for_update()
    )


def use(token: str, password_hash: str) -> User | None:
    """Give the holder of the link this password and end the link; None when it was used meanwhile."""
    user = holder(token)
    if user is not None:
        credentials.change(user, password_hash)
    return user
