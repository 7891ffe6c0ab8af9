"""Roles are granted and withdrawn here, and nowhere else."""

from collections.abc import Sequence
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models import Grant, Role, Theme, User
from app.policy import Ability, can
from app.services import activity, group_roles, outbox, sessions
from app.services.activity import Verb
from app.site import site


class RoleRefused(Exception):
    """This change of roles is not possible; the text says why, in the reader's language."""


class MayNotGrant(Exception):
    """This would give people a role that the actor may not give them."""

    def __init__(self, people: Sequence[User]) -> None:
        super().__init__(f"{len(people)} people")
        self.people = people


class Wish(NamedTuple):
    """A role that someone is to get; that of specialist in a theme."""

    person: User
    role: Role
    theme: Theme | None


def ability_for(role: Role) -> Ability:
    """Return what one needs in order to grant or withdraw a role."""
    return Ability.GRANT_ADMINISTRATOR if role is Role.ADMINISTRATOR else Ability.GRANT_ROLES


def grant(person: User, role: Role, theme: Theme | None, reason: str, actor: User | None) -> Grant:
    """Give `person` a role; that of specialist in one theme. Without an actor a command does it.

    Logged and mailed; the person's sessions get a new id. Raises RoleRefused when the role cannot
    be given, PermissionError when `actor` may not give it.
    """
    check(person, role, reason, actor)
    refuse_unfit(person, role, theme)
    one_change_at_a_time(person, role)
    if holds(person, role, theme):
        raise RoleRefused(_("This person already has this role."))
    refuse_beyond_cap(role, holders(role))
    given = grant_of(person, role, theme, reason, actor)
    given.user = person
    db.session.add(given)
    tell(Verb.ROLE_GRANTED, person, role, theme, reason=reason, actor=actor)
    group_roles.hold_role(person, role, actor)
    return given


def grant_all(wishes: Sequence[Wish], reason: str, actor: User | None) -> None:
    """Give roles to many, whom `check` and the refusals below let pass, in a few statements.

    For an import: everybody has an id by now. Logged; who can sign in already hears it by mail.
    """
    db.session.bulk_save_objects(
        grant_of(person, role, theme, reason, actor) for person, role, theme in wishes
    )
    activity.log_all(
        activity.row(Verb.ROLE_GRANTED, person, actor, reason=reason, result=in_short(role, theme))
        for person, role, theme in wishes
    )
    for person, role, theme in wishes:
        if person.password_hash:
            post(Verb.ROLE_GRANTED, person, role, theme, reason=reason, actor=actor)
    for role in {wish.role for wish in wishes}:
        for group in group_roles.groups_of(role):
            group_roles.hold_all(group, actor)
    if wishes:
        sessions.must_renew(*{wish.person.id for wish in wishes})


def grant_of(
    person: User, role: Role, theme: Theme | None, reason: str, actor: User | None
) -> Grant:
    return Grant(
        user_id=person.id, role=role, theme=theme, theme_id=theme.id if theme else None,
        reason=reason, granted_by_id=actor.id if actor else None,
    )  # fmt: skip


def refuse_unfit(person: User, role: Role, theme: Theme | None) -> None:
    """Raise RoleRefused for an account out of use, and for a theme that does not go with a role."""
    if not person.is_active:
        raise RoleRefused(_("This account is not in use."))
    if (role is Role.SPECIALIST) != (theme is not None):
        raise RoleRefused(_("Choose the theme in which this person is a specialist."))
    if theme is not None and theme.archived_at is not None:
        raise RoleRefused(_("This theme is archived."))


def refuse_beyond_cap(role: Role, number: int) -> None:
    """Raise RoleRefused when so many have a role of which there can be no more."""
    cap = site().ambassador_cap
    if role is Role.AMBASSADOR and number >= cap:
        raise RoleRefused(
            _("There are already %(num)d ambassadors, and there can be no more. First withdraw"
              " this role from someone else.", num=cap)
        )  # fmt: skip


def withdraw(given: Grant, reason: str, actor: User) -> None:
    """Take a role away; its person and theme must be loaded.

    Logged and mailed; the person's sessions get a new id. Raises RoleRefused for the last
    administrator, PermissionError when `actor` may not withdraw it.
    """
    person, role, theme = given.user, given.role, given.theme
    check(person, role, reason, actor)
    one_change_at_a_time(person, role)
    if role is Role.ADMINISTRATOR and person.is_active and holders(role) <= 1:
        raise RoleRefused(_("This is the last administrator. First make someone else one."))
    person.grants.remove(given)
    tell(Verb.ROLE_WITHDRAWN, person, role, theme, reason=reason, actor=actor)
    group_roles.lose_role(person, role, actor)


def merge_specialists(theme: Theme, into: Theme, actor: User) -> None:
    """Make the specialists of a theme, which is going, those of another; logged for each of them.

    Raises MayNotGrant when someone would become specialist of more than now whom `actor` may not
    make one: the specialists of each may then write in the pages of both.
    """
    mine, theirs = (grants_in(each) for each in (theme, into))
    gaining = [(mine | theirs)[key].user for key in sorted(mine.keys() ^ theirs.keys())]
    if refused := [person for person in gaining if not can(actor, Ability.GRANT_ROLES, person)]:
        raise MayNotGrant(refused)
    for holder, given in mine.items():
        if holder in theirs:
            db.session.delete(given)
            continue
        given.theme_id = into.id
        result = in_short(given.role, into)
        activity.log(Verb.ROLE_GRANTED, given.user, actor, reason=given.reason, result=result)
    db.session.flush()
    sessions.must_renew(*mine)


def grants_in(theme: Theme) -> dict[int, Grant]:
    """Return the roles given in a theme, with their people, by the ids of these."""
    found = select(Grant).where(Grant.theme_id == theme.id).options(joinedload(Grant.user))
    return {given.user_id: given for given in db.session.scalars(found)}


def check(person: User, role: Role, reason: str, actor: User | None) -> None:
    """Refuse what `actor` may not do, and changes without a reason.

    A command on the server may do all but make administrators: `flask setup` makes the first, and
    administrators make the others.
    """
    if role is Role.MEMBER:
        raise RoleRefused(_("Everyone is a member."))
    by_command = actor is None and role is not Role.ADMINISTRATOR
    if not by_command and not can(actor, ability_for(role), person):
        who = actor.id if actor else activity.COMMAND
        raise PermissionError(f"{who} may not change the role {role} of {person.id}")
    if not reason.strip():
        raise RoleRefused(_("Give a reason."))


def one_change_at_a_time(person: User, role: Role) -> None:
    """Let changes that could contradict each other wait: two on one person, two on a counted role."""
    db.session.execute(select(User.id).where(User.id == person.id).with_for_update())
    db.session.execute(select(Grant.id).where(Grant.role == role).with_for_update())


def holds(person: User, role: Role, theme: Theme | None) -> bool:
    """Tell whether the person has this role (in this theme) by now."""
    same_theme = Grant.theme_id == theme.id if theme else Grant.theme_id.is_(None)
    found = select(Grant.id).where(Grant.user_id == person.id, Grant.role == role, same_theme)
    return db.session.scalar(found) is not None


def holders(role: Role) -> int:
    """Count who has a role, with an account in use."""
    found = (
        select(func.count())
        .select_from(Grant)
        .join(User, User.id == Grant.user_id)
        .where(Grant.role == role, User.deactivated_at.is_(None))
    )
    return db.session.scalar(found) or 0


def tell(
    verb: Verb, person: User, role: Role, theme: Theme | None, *, reason: str, actor: User | None
) -> None:
    """Let log, mail and sessions follow a change."""
    activity.log(verb, person, actor, reason=reason, result=in_short(role, theme))
    post(verb, person, role, theme, reason=reason, actor=actor)
    sessions.must_renew(person.id)


def in_short(role: Role, theme: Theme | None) -> str:
    """Return a role as the log keeps it."""
    return f"{role}: {theme.name}" if theme else role.value


def post(
    verb: Verb, person: User, role: Role, theme: Theme | None, *, reason: str, actor: User | None
) -> None:
    """Let the person hear of a change by mail."""
    outbox.post(person, verb.value, role=role, theme=theme, reason=reason, actor=actor)
