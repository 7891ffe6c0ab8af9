"""Who belongs to a group and leads it. Every change is logged; a group never stays without an owner."""

from sqlalchemy import select

from app.extensions import db
from app.models import Group, GroupRole, Membership, User
from app.queries.groups import active_owners, heirs, in_groups, membership
from app.services import activity, group_life, links, outbox
from app.services.activity import Verb


class LastOwnerError(Exception):
    """Nobody else is in the group who could lead it."""


class HeirGoneError(Exception):
    """Who was chosen to take over is no longer in the group."""


class ArchivedError(Exception):
    """The group is read only: nobody comes in any more."""


def add(group: Group, person: User, actor: User, role: GroupRole = GroupRole.MEMBER) -> bool:
    """Let a person belong to a group; False when they did already. Raises ArchivedError."""
    if group.archived_at is not None:
        raise ArchivedError
    if not put_in(group, person, actor, role):
        return False
    if person.id != actor.id:
        mail(person, "group_added", group, actor=actor)
    return True


def put_in(
    group: Group, person: User, actor: User | None, role: GroupRole = GroupRole.MEMBER
) -> bool:
    """Make a person a member and welcome them, without a mail; False when they were one already."""
    lock(group)
    if db.session.scalar(membership(group, person.id)) is not None:
        return False
    db.session.add(Membership(user_id=person.id, group_id=group.id, role=role))
    db.session.flush()
    result = f"{person.name} ({role.value})"
    activity.log(Verb.GROUP_MEMBER_ADDED, group, actor, result=result)
    group_life.close_request(group, person, actor)
    by_self = actor is not None and actor.id == person.id
    if group.welcome or not by_self:
        activity.notify(person.id, Verb.GROUP_JOINED, group, None, group.welcome)
    return True


def remove(group: Group, person: User, actor: User, heir_id: int | None = None) -> bool:
    """Let a person no longer belong to a group; False when they did not.

    An owner can choose who takes over; raises HeirGoneError when that one is not in it.
    """
    if not take_out(group, person, actor, heir_id):
        return False
    if person.id != actor.id:
        outbox.post(person, "group_removed", group=group, actor=actor)
    return True


def take_out(group: Group, person: User, actor: User, heir_id: int | None = None) -> bool:
    """End a membership, without a mail; False when there was none."""
    lock(group)
    found = db.session.scalar(membership(group, person.id))
    if found is None:
        return False
    heir = chosen_heir(group, person, heir_id) if heir_id else None
    db.session.delete(found)
    db.session.flush()
    activity.log(Verb.GROUP_MEMBER_REMOVED, group, actor, result=person.name)
    if heir is not None:
        hand_over(group, heir, actor)
    keep_going(group, actor, owner_left=found.role is GroupRole.OWNER)
    return True


def chosen_heir(group: Group, leaving: User, heir_id: int) -> Membership:
    """Return who takes over by choice; raises HeirGoneError when they are no member that can act."""
    found = db.session.scalar(membership(group, heir_id))
    if found is None or not found.user.is_active or found.user_id == leaving.id:
        raise HeirGoneError
    return found


def give_role(group: Group, found: Membership, role: GroupRole, actor: User) -> bool:
    """Give a member another role in the group; False when it was that already.

    Whoever is longest in it takes over from the last owner; raises LastOwnerError without anyone.
    """
    lock(group)
    if found.role is role:
        return False
    heir = None
    if found.role is GroupRole.OWNER and not other_owners(group, found.user_id):
        heir = db.session.scalars(heirs(group)).first()
        if heir is None:
            raise LastOwnerError
    before, found.role = found.role, role
    result = f"{found.user.name}: {before.value} → {role.value}"
    activity.record(Verb.GROUP_ROLE_CHANGED, group, actor, result=result)
    if heir is not None:
        hand_over(group, heir, actor)
    return True


def account_closed(person: User, actor: User) -> None:
    """Let others lead the groups of someone whose account is no longer in use."""
    for found in db.session.scalars(in_groups(person)).all():
        lock(found.group)
        keep_going(found.group, actor, owner_left=found.role is GroupRole.OWNER)


def keep_going(group: Group, actor: User | None, *, owner_left: bool) -> None:
    """See that someone leads a group that an owner left; archive it when nobody is left at all."""
    heir = db.session.scalars(heirs(group)).first()
    owners = db.session.scalars(active_owners(group)).first()
    if owners is not None:
        return
    if heir is None:
        group_life.end_of_empty(group, actor)
    elif owner_left:
        hand_over(group, heir, actor)


def hand_over(group: Group, heir: Membership, actor: User | None) -> None:
    """Make a member an owner, who is told; nothing when they were one."""
    if heir.role is GroupRole.OWNER:
        return
    heir.role = GroupRole.OWNER
    activity.log(Verb.GROUP_HEIR, group, actor, result=heir.user.name)
    activity.notify(heir.user_id, Verb.GROUP_HEIR, group, None)
    mail(heir.user, "group_heir", group)
    db.session.flush()


def other_owners(group: Group, user_id: int) -> list[Membership]:
    """Return the owners who can act besides one person."""
    return [o for o in db.session.scalars(active_owners(group)) if o.user_id != user_id]


def mail(person: User, template: str, group: Group, **values: object) -> None:
    """Put a mail about a group in the outbox, with the path of its page."""
    path = links.address("groups.show", slug=group.slug)
    outbox.post(person, template, group=group, path=path, **values)


def lock(group: Group) -> None:
    """Let changes of one group's members happen one after the other."""
    db.session.execute(select(Group.id).where(Group.id == group.id).with_for_update())
