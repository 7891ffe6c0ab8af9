"""Another e-mail address: it counts once the old and the new one have both confirmed it by mail.

Nobody learns whether an address has an account: the answer and the work are the same, and the mail
to such an address says the rest.
"""

from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from sqlalchemy import delete, exists, select, update
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.lib.clock import now
from app.models import AddressChange, OutgoingMail, Token, TokenPurpose, User
from app.services import activity, attempts, outbox, search_index, sessions
from app.services.activity import Verb

LIFETIME = timedelta(hours=24)
ENDS = (TokenPurpose.OLD_ADDRESS, TokenPurpose.NEW_ADDRESS)


class Taken(Exception):
    """Someone else has this address by now."""


@dataclass(frozen=True)
class Confirmation:
    """What a mailed link is about: whose address changes into what, and which end got the link."""

    user: User
    present: str
    wanted: str
    purpose: TokenPurpose

    @property
    def is_done(self) -> bool:
        """Tell whether the address has changed."""
        return self.user.email == self.wanted


def ask(user: User, email: str) -> None:
    """Send a link to both ends; what was asked before is over. Raises attempts.TooManyAttempts."""
    attempts.count_address_change(user.email, email)
    cancel(user)
    db.session.add(AddressChange(user_id=user.id, email=email, expires_at=now() + LIFETIME))
    links = {
        name: f"{current_app.config['BASE_URL']}/account/address/{name}/{outbox.SECRET_PLACE}"
        for name in ("confirm", "cancel")
    }
    old = outbox.post(user, "address_change_old", new=email, **links)
    wanted = "address_change_taken" if is_taken(email, user) else "address_change_new"
    new = outbox.post_to(email, user.locale, wanted, user=user, new=email, **links)
    add_token(user, TokenPurpose.OLD_ADDRESS, old)
    add_token(user, TokenPurpose.NEW_ADDRESS, new)


def add_token(user: User, purpose: TokenPurpose, mail: OutgoingMail) -> None:
    """Keep the hash of the link in a mail. That to an address that is taken has none, but a hash."""
    db.session.add(
        Token(
            token_hash=sessions.hash_token(outbox.secret_of(mail.message_id)),
            purpose=purpose,
            user_id=user.id,
            expires_at=now() + LIFETIME,
        )
    )


def is_taken(email: str, user: User) -> bool:
    """Tell whether another account has this address."""
    return bool(db.session.scalar(select(exists().where(User.email == email, User.id != user.id))))


def cancel(user: User) -> None:
    """End what was asked, and the links for it."""
    db.session.execute(delete(AddressChange).where(AddressChange.user_id == user.id))
    db.session.execute(delete(Token).where(Token.user_id == user.id, Token.purpose.in_(ENDS)))


def pending(user: User) -> AddressChange | None:
    """Return what this person asked and is not over."""
    return db.session.scalar(
        select(AddressChange).where(
            AddressChange.user_id == user.id, AddressChange.expires_at > now()
        )
    )


def found(token: str) -> Confirmation | None:
    """Return what a link is about, while it can be used."""
    row = db.session.execute(
        select(User, User.email, AddressChange.email, Token.purpose)
        .join(Token, Token.user_id == User.id)
        .join(AddressChange, AddressChange.user_id == User.id)
        .where(
            Token.token_hash == sessions.hash_token(token),
            Token.purpose.in_(ENDS),
            Token.expires_at > now(),
            Token.used_at.is_(None),
            AddressChange.expires_at > now(),
            User.deactivated_at.is_(None),
        )
        .with_for_update(of=User)
    ).one_or_none()
    return Confirmation(*row) if row else None


def confirm(token: str, keep_session: int | None = None) -> Confirmation | None:
    """Confirm one end, and change the address when both have; None when the link is over.

    Raises Taken when someone else has the address by now: nothing changes, and what was asked ends.
    """
    one = found(token)
    if one is None:
        return None
    used = update(Token).where(Token.token_hash == sessions.hash_token(token))
    db.session.execute(used.values(used_at=now()))
    # Read anew: the other end may have been confirmed while this request waited for its turn.
    change = db.session.get(AddressChange, one.user.id, populate_existing=True)
    if change is None:
        return None
    if one.purpose is TokenPurpose.OLD_ADDRESS:
        change.old_confirmed_at = now()
    else:
        change.new_confirmed_at = now()
    if change.old_confirmed_at and change.new_confirmed_at:
        db.session.flush()
        complete(one.user, one.wanted, keep_session)
    return one


def complete(user: User, email: str, keep_session: int | None) -> None:
    """Give `user` this address: other sessions and all mailed links end, and both ends hear it."""
    before = user.email
    cancel(user)
    try:
        with db.session.begin_nested():
            user.email = email
    except IntegrityError:
        raise Taken from None
    search_index.index(user)
    sessions.end_all(user.id, keep=keep_session)
    db.session.execute(delete(Token).where(Token.user_id == user.id))
    activity.record(Verb.ADDRESS_CHANGED, user, user)
    for address in (before, email):
        outbox.post_to(address, user.locale, "address_changed", user=user, new=email)
