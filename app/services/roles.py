"""Roles are granted and withdrawn here, and nowhere else."""

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.extensions import db
from app.models import Grant, Role, Theme, User
from app.policy import Ability, can
from app.queries.settings import site
from app.services import activity, outbox, sessions
from app.services.activity import Verb


class RoleRefused(Exception):
    """This change of roles is not possible; the text says why, in the reader's language."""


def ability_for(role: Role) -> Ability:
    """Return what one needs in order to grant or withdraw a role."""
    return Ability.GRANT_ADMINISTRATOR if role is Role.ADMINISTRATOR else Ability.GRANT_ROLES


def grant(person: User, role: Role, theme: Theme | None, reason: str, actor: User) -> Grant:
    """Give `person` a role; that of specialist in one theme.

    Logged and mailed; the person's sessions get a new id. Raises RoleRefused when the role cannot
    be given, PermissionError when `actor` may not give it.
    """
    check(person, role, reason, actor)
    if not person.is_active:
        raise RoleRefused(_("This account is not in use."))
    if (role is Role.SPECIALIST) != (theme is not None):
        raise RoleRefused(_("Choose the theme in which this person is a specialist."))
    if theme is not None and theme.archived_at is not None:
        raise RoleRefused(_("This theme is archived."))
    one_change_at_a_time(person, role)
    if holds(person, role, theme):
        raise RoleRefused(_("This person already has this role."))
    cap = site().ambassador_cap
    if role is Role.AMBASSADOR and holders(role) >= cap:
        raise RoleRefused(
            _("There are already %(num)d ambassadors, and there can be no more. First withdraw"
              " this role from someone else.", num=cap)
        )  # fmt: skip
    given = Grant(user=person, role=role, theme=theme, granted_by_id=actor.id, reason=reason)
    db.session.add(given)
    tell(Verb.ROLE_GRANTED, person, role, theme, reason=reason, actor=actor)
    return given


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


def check(person: User, role: Role, reason: str, actor: User) -> None:
    """Refuse what `actor` may not do, and changes without a reason."""
    if role is Role.MEMBER:
        raise RoleRefused(_("Everyone is a member."))
    if not can(actor, ability_for(role), person):
        raise PermissionError(f"user {actor.id} may not change the role {role} of {person.id}")
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
    verb: Verb, person: User, role: Role, theme: Theme | None, *, reason: str, actor: User
) -> None:
    """Let log, mail and sessions follow a change."""
    result = f"{role}: {theme.name}" if theme else role.value
    activity.record(verb, person, actor, reason=reason, result=result)
    outbox.post(person, verb.value, role=role, theme=theme, reason=reason, actor=actor)
    sessions.must_renew(person.id)
