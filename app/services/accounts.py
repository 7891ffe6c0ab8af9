"""Accounts, as the administrator arranges them: closed, opened again, given another address.

Whoever leaves keeps their pieces there; the name beside them is their own, or that of nobody.
"""

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.lib.clock import now
from app.models import (
    AddressChange,
    Decision,
    Department,
    Draft,
    Expertise,
    Invitation,
    Role,
    StaffNote,
    Token,
    User,
    UserSession,
)
from app.policy import Ability, can
from app.services import (
    activity,
    attempts,
    group_members,
    import_authors,
    outbox,
    people,
    roles,
    search_index,
    sessions,
)
from app.services.activity import Verb
from app.site import site

# Whoever closes or opens an account waits for others who do: someone must stay who can.
TURN = "accounts"
FORMER = "oud-lid"
"""With the number of the account the handle of who left and let their name go."""


class AccountRefused(Exception):
    """This change of an account is not possible; the text says why, in the reader's language."""


def take_turn(person: User, actor: User) -> None:
    """Let changes of accounts wait for each other, and see both as they are now.

    Raises PermissionError when `actor` may not do this any more.
    """
    attempts.one_at_a_time(TURN)
    for user in (person, actor):
        db.session.refresh(user, ["deactivated_at", "grants"], with_for_update={"of": User})
    if not can(actor, Ability.MANAGE_ACCOUNTS):
        raise PermissionError(f"user {actor.id} may not manage accounts")


def close(person: User, actor: User, *, keep_name: bool, reason: str = "") -> None:
    """Close an account: whoever is signed in there is out at once, and no link opens it any more.

    Their pieces stay, with the name or, when that is not kept, with that of nobody: then what the
    profile tells is erased as well, for good. Raises AccountRefused.
    """
    take_turn(person, actor)
    if not person.is_active:
        raise AccountRefused(_("This account has been closed already."))
    refuse_last(person)
    person.deactivated_at = now()
    end_ways_in(person)
    result = "" if keep_name else "former_member"
    activity.log(Verb.ACCOUNT_CLOSED, person, actor, reason=reason, result=result)
    group_members.account_closed(person, actor)
    tell(person, "account_closed", keep_name=keep_name)
    if not keep_name:
        erase(person)


def refuse_last(person: User) -> None:
    """Raise AccountRefused when nobody else would have a role that the community cannot do without."""
    advice = {
        Role.ADMINISTRATOR: _("This is the last administrator. First make someone else one."),
        Role.MANAGER: _(
            "This is the last community manager. First let them make someone else one. If they"
            " cannot do that any more, give the role on the server, with: flask users import"
        ),
    }
    for role, text in advice.items():
        if role in person.roles:
            roles.one_change_at_a_time(person, role)
            if roles.holders(role) <= 1:
                raise AccountRefused(text)


def end_ways_in(person: User) -> None:
    """Sign someone out everywhere, and let every mailed link to this account be over."""
    sessions.end_all(person.id)
    db.session.execute(delete(Token).where(Token.user_id == person.id))
    db.session.execute(delete(AddressChange).where(AddressChange.user_id == person.id))
    theirs = or_(Invitation.email == person.email, Invitation.user_id == person.id)
    db.session.execute(
        update(Invitation)
        .where(theirs, Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
        .values(withdrawn_at=now())
        .execution_options(synchronize_session=False)
    )


def erase(person: User) -> None:
    """Let the name go, all that the profile tells, drafts and notes of managers.

    Decisions stay, without the name. The file of the photo goes at night.
    """
    with force_locale(site().locale):
        person.name = _("Former member")
    person.handle = people.free_handle(f"{FORMER}-{person.id}")
    person.photo_sha256 = person.department_id = None
    person.phone = person.about = person.job_title = ""
    for own in (Expertise, Draft):
        db.session.execute(delete(own).where(own.user_id == person.id))
    db.session.execute(delete(StaffNote).where(StaffNote.person_id == person.id))
    db.session.execute(
        update(Decision)
        .where(Decision.person_id == person.id, Decision.content_id.is_(None))
        .values(label=person.name)
    )
    search_index.index(person)


def is_nameless(person: User) -> bool:
    """Tell whether this person left and let their name go."""
    return f"{person.handle}-".startswith(f"{FORMER}-{person.id}-")


def reopen(person: User, actor: User, name: str = "") -> None:
    """Let someone sign in again, with the password that they had; who has no name gets this one.

    Raises AccountRefused.
    """
    take_turn(person, actor)
    if person.is_active:
        raise AccountRefused(_("This account is open already."))
    if import_authors.is_import(person):
        raise AccountRefused(
            _("This account belongs to an author of imported texts. First change its address.")
        )
    if Role.AMBASSADOR in person.roles:
        try:
            roles.refuse_beyond_cap(Role.AMBASSADOR, roles.holders(Role.AMBASSADOR))
        except roles.RoleRefused as refusal:
            raise AccountRefused(str(refusal)) from None
    if is_nameless(person):
        person.name, person.handle = name, people.free_handle(name)
        search_index.index(person)
    person.deactivated_at = None
    activity.log(Verb.ACCOUNT_OPENED, person, actor)
    tell(person, "account_opened")


def change_address(person: User, email: str, actor: User) -> None:
    """Give someone another address, who cannot reach the old one any more: both ends hear it.

    They are signed out everywhere and every mailed link is over. Raises AccountRefused.
    """
    take_turn(person, actor)
    before = person.email
    if email == before:
        raise AccountRefused(_("This is the address that the account has already."))
    end_ways_in(person)
    try:
        with db.session.begin_nested():
            person.email = email
    except IntegrityError:
        raise AccountRefused(_("Another account has this address.")) from None
    search_index.index(person)
    # Not which addresses: moderators read the log, and many do not show theirs.
    activity.log(Verb.ADDRESS_CHANGED, person, actor)
    for address in (before, email):
        if not address.endswith(f"@{import_authors.DOMAIN}"):
            outbox.post_to(
                address, person.locale, "account_address_changed", user=person, actor=actor
            )


def change_work(person: User, job_title: str, department: Department | None, actor: User) -> bool:
    """Change someone's job title and department; tell whether anything changed."""
    department_id = department.id if department else None
    before = {"job_title": person.job_title, "department": person.department_id}
    after = {"job_title": job_title, "department": department_id}
    fields = [name for name, value in after.items() if before[name] != value]
    if not fields:
        return False
    person.job_title, person.department_id = job_title, department_id
    search_index.index(person)
    activity.log(Verb.ACCOUNT_CHANGED, person, actor, result=", ".join(fields))
    return True


def sign_out(person: User, actor: User) -> int:
    """Sign someone out on every device; return on how many they were."""
    keys = db.session.scalars(select(UserSession.id).where(UserSession.user_id == person.id)).all()
    sessions.end_all(person.id)
    if keys:
        activity.log(Verb.ACCOUNT_CHANGED, person, actor, result="signed_out")
    return len(keys)


def tell(person: User, template: str, **values: object) -> None:
    """Mail someone what became of their account, where mail can reach them."""
    if not import_authors.is_import(person):
        outbox.post(person, template, **values)
