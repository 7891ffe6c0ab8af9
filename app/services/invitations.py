"""Invitations: the one way in. A link by mail, for one address, that makes or opens one account.

It works once and for so many days as the settings say; sending it again makes another link, and
the one before is over. An account without a password, such as an import makes, is opened by it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum

from flask import current_app
from sqlalchemy import select, update

from app.extensions import commit, db
from app.lib import addresses
from app.lib.addresses import Entry
from app.lib.clock import AMSTERDAM, local, now
from app.models import Invitation, Registration, RequestState, User
from app.queries import entry
from app.services import activity, attempts, outbox, people, sessions
from app.services.activity import Verb
from app.site import site

MOST = 500
"""Addresses that can be given at once; imported accounts are not counted."""
AT_ONCE = 100
"""How many leave in one transaction where there can be thousands."""
MESSAGE_LENGTH = 1000
# Who invites or comes in waits for others who do: an address gets one invitation, one account.
TURN = "invitations"


class Refusal(StrEnum):
    """Why someone cannot be invited."""

    NO_ADDRESS = "no_address"
    MEMBER = "member"
    CLOSED = "closed"
    INVITED = "invited"


@dataclass(frozen=True)
class Refused:
    """An entry of a list that got no invitation; `invitation` is the one that it has already."""

    text: str
    reason: Refusal
    invitation: Invitation | None = None


@dataclass
class Outcome:
    """What came of a list."""

    sent: list[Invitation] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def invite_many(given: Iterable[Entry], message: str, actor: User) -> Outcome:
    """Invite everyone on a list who can be; tell of each of the others why not."""
    attempts.one_at_a_time(TURN)
    outcome, wanted = Outcome(), dict[str, Entry]()
    for one in given:
        try:
            wanted.setdefault(addresses.normal(one.address), one)
        except ValueError:
            outcome.refused.append(Refused(one.text, Refusal.NO_ADDRESS))
    accounts, invited = known(wanted)
    for email, one in wanted.items():
        account, before = accounts.get(email), invited.get(email)
        if reason := objection(account, before):
            outcome.refused.append(Refused(one.text, reason, before))
        else:
            name = account.name if account else one.name
            outcome.sent.append(make(email, name, message, actor, account))
    return outcome


def invite_accounts(users: Collection[User], actor: User, message: str = "") -> int:
    """Invite people who have an account that nobody can sign in to; return how many there were."""
    attempts.one_at_a_time(TURN)
    _accounts, invited = known([user.email for user in users])
    fresh = [user for user in users if objection(user, invited.get(user.email)) is None]
    for user in fresh:
        make(user.email, user.name, message, actor, user)
    return len(fresh)


def invite_imported(actor_id: int, message: str) -> None:
    """Invite everyone whose account was imported and who never was. Runs in the background.

    So many at a time: other writers come in between.
    """
    while users := db.session.scalars(entry.not_yet_invited().limit(AT_ONCE)).all():
        actor = db.session.get_one(User, actor_id)
        if not invite_accounts(users, actor, message):
            return
        commit()


def invite(
    email: str, *, name: str = "", message: str = "", actor: User | None = None
) -> Invitation | None:
    """Send one address a link, once more when it has an invitation; None when it has an account."""
    attempts.one_at_a_time(TURN)
    account = db.session.scalar(entry.account_of(email))
    if account is not None and not is_closed_to_all(account):
        return None
    before = db.session.scalar(entry.open_invitations([email]))
    if before is None:
        return make(email, account.name if account else name, message, actor, account)
    before.message = message or before.message
    send(before, account)
    return before


def known(emails: Collection[str]) -> tuple[dict[str, User], dict[str, Invitation]]:
    """Return the accounts with these addresses, and their open invitations."""
    wanted = list(emails)
    accounts = db.session.scalars(select(User).where(User.email.in_(wanted)))
    invited = db.session.scalars(entry.open_invitations(wanted))
    return {user.email: user for user in accounts}, {one.email: one for one in invited}


def objection(account: User | None, before: Invitation | None) -> Refusal | None:
    """Return why someone cannot be invited; None when they can."""
    if account is not None and not account.is_active:
        return Refusal.CLOSED
    if account is not None and account.password_hash is not None:
        return Refusal.MEMBER
    return Refusal.INVITED if before is not None else None


def is_closed_to_all(account: User) -> bool:
    """Tell whether this is an account in use that nobody can sign in to yet."""
    return account.is_active and account.password_hash is None


def make(
    email: str, name: str, message: str, actor: User | None, account: User | None
) -> Invitation:
    """Make an invitation and send it."""
    made = Invitation(
        email=email, name=name, message=message, invited_by=actor, user_id=account and account.id
    )
    send(made, account)
    db.session.add(made)
    return made


def send(invitation: Invitation, account: User | None) -> None:
    """Mail a new link with a new term; the link before it, if any, is over."""
    invitation.sent_at, invitation.expires_at = now(), end_of_term()
    mail = outbox.post_to(
        invitation.email,
        account.locale if account else site().locale,
        "invitation",
        invitation=invitation,
        has_account=account is not None,
        link=f"{current_app.config['BASE_URL']}/invitations/{outbox.SECRET_PLACE}",
    )
    invitation.token_hash = sessions.hash_token(outbox.secret_of(mail.message_id))


def end_of_term() -> datetime:
    """Return until when a link works that is sent now: the end of a day."""
    day = local(now()).date() + timedelta(days=site().invitation_days)
    return datetime.combine(day, time(23, 59, 59), AMSTERDAM)


def send_again(keys: Sequence[int]) -> None:
    """Send invitations once more, unless they are over by now. Runs in the background."""
    for first in range(0, len(keys), AT_ONCE):
        some = Invitation.id.in_(keys[first : first + AT_ONCE])
        chosen = entry.invitations().where(some, entry.is_open()).with_for_update(of=Invitation)
        for one in db.session.scalars(chosen).all():
            send(one, one.user)
        commit()


def withdraw(chosen: Iterable[Invitation]) -> int:
    """Let the links of these invitations no longer work; return how many could be withdrawn."""
    waiting = [one for one in chosen if entry.state_of(one).is_open]
    for one in waiting:
        one.withdrawn_at = now()
    return len(waiting)


def usable(token: str) -> Invitation | None:
    """Return the invitation that this link opens, while it can be used; looking changes nothing."""
    found = db.session.scalar(entry.invitation_of(sessions.hash_token(token)))
    return found if found is not None and fits(found, account_for(found)) else None


def account_for(invitation: Invitation) -> User | None:
    """Return the account with the address of an invitation, if there is one by now."""
    return db.session.scalar(entry.account_of(invitation.email))


def fits(invitation: Invitation, account: User | None) -> bool:
    """Tell whether the account, or there being none, is what the invitation can open."""
    if account is None:
        return invitation.user_id is None
    return is_closed_to_all(account)


def accept(token: str, name: str, password_hash: str) -> User | None:
    """Make or open the account that the link is for; None when the link was used meanwhile."""
    attempts.one_at_a_time(TURN)
    found = db.session.scalar(
        entry.invitation_of(sessions.hash_token(token)).with_for_update(of=Invitation)
    )
    if found is None:
        return None
    user = account_for(found)
    if not fits(found, user):
        return None
    if user is None:
        user = people.add(name, found.email)
        user.locale = site().locale
        inviter = found.invited_by.name if found.invited_by else ""
        activity.log(Verb.ACCOUNT_ADDED, user, user, result=inviter)
    user.name, user.password_hash = name, password_hash
    found.user_id, found.accepted_at = user.id, now()
    close_request(found)
    return user


def close_request(invitation: Invitation) -> None:
    """Let nobody decide any more about a request of someone who came in."""
    db.session.execute(
        update(Registration)
        .where(Registration.email == invitation.email, Registration.state == RequestState.OPEN)
        .values(
            state=RequestState.APPROVED,
            decided_at=now(),
            decided_by_id=invitation.invited_by_id,
        )
        .execution_options(synchronize_session=False)
    )
