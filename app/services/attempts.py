"""Guessing is slowed: attempts are counted in the database, per account and per address.

Nobody is locked out: what is refused at one address still works from another, and a link by mail
ends the wait. Counted is what was typed, so accounts that don't exist answer in the same way.
"""

import ipaddress
from dataclasses import dataclass
from datetime import timedelta

from flask import request
from sqlalchemy import ColumnElement, and_, delete, func, or_, select

from app.extensions import db
from app.lib.clock import now
from app.models import Attempt, AttemptKind

DAY = timedelta(days=1)


class TooManyAttempts(Exception):
    """There were too many attempts; `wait` says how long until the next one at most."""

    def __init__(self, wait: timedelta) -> None:
        """Keep how long to wait."""
        super().__init__(f"wait {wait}")
        self.wait = wait


@dataclass(frozen=True)
class Limit:
    """At most `most` attempts in `period`; `under_attack` when the account is tried from all over."""

    period: timedelta
    most: int
    under_attack: int | None = None


# One account from one address: ten tries at once, then ever fewer.
SAME_PERSON = (
    Limit(timedelta(minutes=15), 10, under_attack=3),
    Limit(timedelta(hours=2), 20),
    Limit(DAY, 40),
)
# All accounts from one address, which a whole town hall may share.
SAME_ADDRESS = (Limit(timedelta(minutes=15), 100), Limit(DAY, 1000))
# One account from all addresses: beyond this each address gets fewer tries, but never none.
ATTACKED = 100

RESETS_OF_ACCOUNT = (Limit(timedelta(hours=1), 3), Limit(DAY, 10))
RESETS_OF_ADDRESS = (Limit(timedelta(hours=1), 30),)
REGISTRATIONS_OF_ACCOUNT = (Limit(timedelta(hours=1), 3), Limit(DAY, 10))
# A whole town hall may come in on the same day.
REGISTRATIONS_OF_ADDRESS = (Limit(timedelta(hours=1), 100), Limit(DAY, 500))

CHANGES_OF_ACCOUNT = (Limit(timedelta(hours=1), 5), Limit(DAY, 10))
# Enough to find out how a mail server wants it; too few to look which machines there are inside.
TESTS_OF_ACCOUNT = (Limit(timedelta(hours=1), 10),)


def address() -> str:
    """Return from where this request comes: an IPv6 network of 64 bits belongs to one customer."""
    given = request.remote_addr or ""
    try:
        known = ipaddress.ip_address(given)
    except ValueError:
        return given[:45]
    return str(known if known.version == 4 else ipaddress.ip_network((known, 64), strict=False))


def count_sign_in(email: str) -> None:
    """Count an attempt to sign in before it is judged. Raises TooManyAttempts."""
    pair = and_(Attempt.email == email, Attempt.address == address())
    rules = [(pair, SAME_PERSON), (Attempt.address == address(), SAME_ADDRESS)]
    count(AttemptKind.SIGN_IN, email, rules)


def count_reset(email: str) -> None:
    """Count a request for a reset link. Raises TooManyAttempts."""
    rules = [
        (Attempt.email == email, RESETS_OF_ACCOUNT),
        (Attempt.address == address(), RESETS_OF_ADDRESS),
    ]
    count(AttemptKind.PASSWORD_RESET, email, rules)


def count_registration(email: str) -> None:
    """Count someone who asks to be let in. Raises TooManyAttempts."""
    rules: Rules = [
        (Attempt.email == email, REGISTRATIONS_OF_ACCOUNT),
        (Attempt.address == address(), REGISTRATIONS_OF_ADDRESS),
    ]
    count(AttemptKind.REGISTRATION, email, rules)


def count_address_change(email: str, wanted: str) -> None:
    """Count that someone asks another address, and that mail goes there. Raises TooManyAttempts."""
    for one in (email, wanted):
        kind = AttemptKind.ADDRESS_CHANGE
        count(kind, one, [(Attempt.email == one, CHANGES_OF_ACCOUNT)])


def count_mail_test(email: str) -> None:
    """Count that an administrator tries a mail server. Raises TooManyAttempts."""
    count(AttemptKind.MAIL_TEST, email, [(Attempt.email == email, TESTS_OF_ACCOUNT)])


Rules = list[tuple[ColumnElement[bool], tuple[Limit, ...]]]


def count(kind: AttemptKind, email: str, rules: Rules) -> None:
    """Add an attempt unless a rule refuses it."""
    one_at_a_time(email)
    limits = [(which, limit) for which, some in rules for limit in some]
    totals = [
        func.count().filter(which, Attempt.made_at > now() - limit.period)
        for which, limit in limits
    ]
    of_account = func.count().filter(Attempt.email == email)
    since = and_(Attempt.kind == kind, Attempt.made_at > now() - DAY)
    mine = or_(Attempt.email == email, Attempt.address == address())
    attacks, *found = db.session.execute(select(of_account, *totals).where(since, mine)).one()
    for number, (_which, limit) in zip(found, limits, strict=True):
        attacked = limit.under_attack is not None and attacks >= ATTACKED
        if number >= (limit.under_attack if attacked and limit.under_attack else limit.most):
            raise TooManyAttempts(limit.period)
    db.session.add(Attempt(kind=kind, email=email, address=address()))


def one_at_a_time(email: str) -> None:
    """Let attempts on one account wait for each other; SQLite has one writer anyway."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(email))))


def forgive(email: str) -> None:
    """Forget the failures of one person at this address: they turned out to know the password."""
    db.session.execute(
        delete(Attempt).where(
            Attempt.kind == AttemptKind.SIGN_IN,
            Attempt.email == email,
            Attempt.address == address(),
        )
    )


def forgive_everywhere(email: str) -> None:
    """Forget all failures of one account: its owner chose a new password by mail."""
    db.session.execute(
        delete(Attempt).where(Attempt.kind == AttemptKind.SIGN_IN, Attempt.email == email)
    )
