"""Asking to be let in: by who has an address in a known domain, or by whoever gives a reason.

Whether an address has an account, an invitation or a request already is looked up in the
background: the answer on the page, and the work for it, are the same for every address.
"""

from datetime import timedelta

from flask import current_app
from sqlalchemy import func, select

from app.extensions import after_commit, commit, db
from app.lib.clock import now
from app.models import Registration, RequestState, User
from app.queries import entry
from app.queries.entry import State
from app.services import attempts, invitations, outbox
from app.site import site

NAME_LENGTH = 120
MESSAGE_LENGTH = 1000
REMIND_AFTER = timedelta(days=1)


class AlreadyDecided(Exception):
    """Somebody else decided about this request before."""


def join(email: str) -> None:
    """Have a link sent to an address in a known domain. Raises attempts.TooManyAttempts."""
    attempts.count_registration(email)
    after_commit(lambda: current_app.extensions["let_in"](email))


def ask(email: str, name: str, message: str) -> None:
    """Have a request put before who decides. Raises attempts.TooManyAttempts."""
    attempts.count_registration(email)
    after_commit(lambda: current_app.extensions["keep_request"](email, name, message))


def let_in(email: str) -> None:
    """Mail an invitation, or that there is an account already. Runs in the background."""
    if invitations.invite(email) is None:
        tell_known(email)
    commit()


def keep_request(email: str, name: str, message: str) -> None:
    """Keep a request, unless the address needs none. Runs in the background."""
    attempts.one_at_a_time(invitations.TURN)
    account = db.session.scalar(entry.account_of(email))
    before = db.session.scalar(entry.open_invitations([email]))
    if account is not None and not invitations.is_closed_to_all(account):
        tell_known(email)
    elif before is not None and entry.state_of(before) is State.WAITING:
        invitations.invite(email)
    elif db.session.scalar(entry.request_of(email)) is None:
        put_before_deciders(Registration(email=email, name=name, message=message))
    commit()


def tell_known(email: str) -> None:
    """Mail the owner of an account that they have one, or had one."""
    account = db.session.scalars(entry.account_of(email)).one()
    outbox.post(account, "registration_known", is_closed=not account.is_active)


def put_before_deciders(made: Registration) -> None:
    """Keep a request, and mail who decides: once for all that wait, at most once in a day.

    So nobody can fill their mailbox; the home page and the list show every request.
    """
    db.session.add(made)
    db.session.flush()
    recent = select(func.count()).where(
        Registration.state == RequestState.OPEN,
        Registration.created_at > now() - REMIND_AFTER,
    )
    if db.session.scalar(recent) == 1:
        for decider in db.session.scalars(entry.deciders()):
            outbox.post(decider, "registration_asked", registration=made)


def approve(request: Registration, message: str, actor: User) -> None:
    """Let someone in: by an invitation, or by telling that they have an account already."""
    decide(request, RequestState.APPROVED, message, actor)
    invited = invitations.invite(request.email, name=request.name, message=message, actor=actor)
    if invited is None:
        tell_known(request.email)


def decline(request: Registration, message: str, actor: User) -> None:
    """Let someone not in, and tell them why."""
    decide(request, RequestState.DECLINED, message, actor)
    outbox.post_to(
        request.email, site().locale, "registration_declined", registration=request, message=message
    )


def decide(request: Registration, state: RequestState, message: str, actor: User) -> None:
    """Keep who decided what, when. Raises AlreadyDecided when someone did before.

    `request` was read by `queries.entry.to_decide`, so that nobody else decides meanwhile.
    """
    if request.state is not RequestState.OPEN:
        raise AlreadyDecided
    request.state, request.answer = state, message
    request.decided_at, request.decided_by = now(), actor
