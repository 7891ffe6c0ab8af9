"""Who was invited, who asks to be let in, and who has an account but no invitation yet."""

from enum import StrEnum

from sqlalchemy import ColumnElement, Row, Select, and_, func, select
from sqlalchemy.orm import joinedload

from app.lib.clock import now
from app.models import Grant, Invitation, Registration, RequestState, User
from app.policy import ABILITIES, Ability

PAGE = 50


class State(StrEnum):
    """Where an invitation stands."""

    WAITING = "waiting"
    EXPIRED = "expired"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"

    @property
    def is_open(self) -> bool:
        """Tell whether such an invitation can be sent again, or withdrawn."""
        return self in {State.WAITING, State.EXPIRED}


def is_open() -> ColumnElement[bool]:
    """Hold for the invitations that can be sent again: not accepted, not withdrawn."""
    return and_(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))


def in_state(state: State) -> ColumnElement[bool]:
    """Hold for the invitations in this state."""
    match state:
        case State.WAITING:
            return and_(is_open(), Invitation.expires_at > now())
        case State.EXPIRED:
            return and_(is_open(), Invitation.expires_at <= now())
        case State.ACCEPTED:
            return Invitation.accepted_at.is_not(None)
    return and_(Invitation.withdrawn_at.is_not(None), Invitation.accepted_at.is_(None))


def state_of(invitation: Invitation) -> State:
    """Return where an invitation stands: the twin of `in_state`."""
    if invitation.accepted_at is not None:
        return State.ACCEPTED
    if invitation.withdrawn_at is not None:
        return State.WITHDRAWN
    return State.WAITING if invitation.expires_at > now() else State.EXPIRED


def invitations(state: State | None = None) -> Select[Invitation]:
    """Select invitations, the one sent last first, with who invited and who came of it."""
    found = select(Invitation).options(
        joinedload(Invitation.invited_by), joinedload(Invitation.user)
    )
    if state is not None:
        found = found.where(in_state(state))
    return found.order_by(Invitation.sent_at.desc(), Invitation.id.desc())


def numbers() -> Select[*tuple[int, ...]]:
    """Count the invitations in each state, in the order of `State`."""
    return select(*(func.count().filter(in_state(state)) for state in State)).select_from(
        Invitation
    )


def invitation_of(token_hash: str) -> Select[Invitation]:
    """Select the invitation that this link opens, while it can be used."""
    return select(Invitation).where(
        Invitation.token_hash == token_hash, in_state(State.WAITING)
    ).options(joinedload(Invitation.invited_by))  # fmt: skip


def open_invitations(emails: list[str]) -> Select[Invitation]:
    """Select the invitations of these addresses that were not accepted or withdrawn."""
    return (
        select(Invitation)
        .where(is_open(), Invitation.email.in_(emails))
        .options(joinedload(Invitation.invited_by))
    )


def not_yet_invited() -> Select[User]:
    """Select who has an account that nobody can sign in to, and never got an invitation."""
    invited = select(Invitation.id).where(Invitation.email == User.email).exists()
    return (
        select(User)
        .where(User.password_hash.is_(None), User.deactivated_at.is_(None), ~invited)
        .order_by(User.id)
    )


def account_of(email: str) -> Select[User]:
    """Select the account with this address, whatever its state."""
    return select(User).where(User.email == email)


def number_of(found: Select[User] | Select[Invitation]) -> Select[int]:
    """Count what a query finds."""
    return select(func.count()).select_from(found.order_by(None).subquery())


def deciders() -> Select[User]:
    """Select who decides about requests."""
    roles = {role for way in ABILITIES[Ability.INVITE] for role in way.roles}
    holders = select(Grant.user_id).where(Grant.role.in_(roles))
    return select(User).where(
        User.id.in_(holders), User.deactivated_at.is_(None), User.password_hash.is_not(None)
    )


def request_of(email: str) -> Select[Registration]:
    """Select the request of this address that waits."""
    return select(Registration).where(
        Registration.email == email, Registration.state == RequestState.OPEN
    )


def open_requests_count() -> Select[int]:
    """Count the people who wait to be let in."""
    return select(func.count()).select_from(Registration).where(
        Registration.state == RequestState.OPEN
    )  # fmt: skip


def open_requests() -> Select[Registration]:
    """Select who waits to be let in, who waits longest first."""
    return (
        select(Registration)
        .where(Registration.state == RequestState.OPEN)
        .order_by(Registration.id)
        .limit(PAGE)
    )


def to_decide(key: int) -> Select[Registration]:
    """Select a request with who decided about it, for nobody else to change meanwhile."""
    return (
        select(Registration)
        .where(Registration.id == key)
        .options(joinedload(Registration.decided_by))
        .with_for_update(of=Registration)
    )


def decided_requests() -> Select[Registration]:
    """Select the requests that were decided last, with who did."""
    return (
        select(Registration)
        .where(Registration.state != RequestState.OPEN)
        .options(joinedload(Registration.decided_by))
        .order_by(Registration.decided_at.desc(), Registration.id.desc())
        .limit(PAGE)
    )


Numbers = Row[*tuple[int, ...]]
