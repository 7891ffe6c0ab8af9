"""Groups: made, changed, and who belongs to them. Every change of members is logged."""

from sqlalchemy import select

from app.extensions import db
from app.lib.slugs import slugify
from app.models import Group, GroupKind, GroupRole, Membership, User
from app.queries.groups import active_owners, membership
from app.services import activity, outbox, search_index
from app.services.activity import Verb

# Widening who can read would show what members wrote for fewer eyes.
STRICTNESS = (GroupKind.OPEN, GroupKind.CLOSED, GroupKind.HIDDEN)
SLUG_LENGTH = 110


class LastOwnerError(Exception):
    """A group always has an owner who can act."""


def make(name: str, kind: GroupKind, description: str, owner: User, actor: User) -> Group:
    """Make a group with its first owner."""
    group = Group(name=name, slug=free_slug(name), kind=kind, description=description)
    db.session.add(group)
    search_index.index(group)
    activity.record(Verb.GROUP_MADE, group, actor, result=kind.value)
    add(group, owner, actor, GroupRole.OWNER)
    return group


def free_slug(name: str) -> str:
    """Return an address for a new group that no other has."""
    wanted = slugify(name, SLUG_LENGTH)
    taken = {"new", *db.session.scalars(select(Group.slug).where(Group.slug.startswith(wanted)))}
    number = 2
    found = wanted
    while found in taken:
        found, number = f"{wanted}-{number}", number + 1
    return found


def stricter(kind: GroupKind) -> tuple[GroupKind, ...]:
    """Return what a group of this kind can become: itself, or for fewer eyes."""
    return STRICTNESS[STRICTNESS.index(kind) :]


def change(group: Group, name: str, kind: GroupKind, description: str, actor: User) -> None:
    """Change what a group is called and who can read it; its address stays.

    Raises ValueError when more people could read it than before.
    """
    if kind not in stricter(group.kind):
        raise ValueError("a group is never opened to more readers")
    before = (group.name, group.kind, group.description)
    group.name, group.kind, group.description = name, kind, description
    if before != (name, kind, description):
        search_index.index(group)
        result = kind.value if kind is before[1] else f"{before[1].value} → {kind.value}"
        activity.record(Verb.GROUP_CHANGED, group, actor, result=result)


def add(group: Group, person: User, actor: User, role: GroupRole = GroupRole.MEMBER) -> bool:
    """Let a person belong to a group; False when they did already."""
    lock(group)
    if db.session.scalar(membership(group, person.id)) is not None:
        return False
    db.session.add(Membership(user_id=person.id, group_id=group.id, role=role))
    db.session.flush()
    activity.record(Verb.GROUP_MEMBER_ADDED, group, actor, result=f"{person.name} ({role.value})")
    if person.id != actor.id:
        outbox.post(person, "group_added", group=group, actor=actor)
    return True


def remove(group: Group, person: User, actor: User) -> bool:
    """Let a person no longer belong to a group; False when they did not.

    Raises LastOwnerError when nobody would be left who can manage it.
    """
    lock(group)
    found = db.session.scalar(membership(group, person.id))
    if found is None:
        return False
    keep_an_owner(group, found)
    db.session.delete(found)
    db.session.flush()
    activity.record(Verb.GROUP_MEMBER_REMOVED, group, actor, result=person.name)
    if person.id != actor.id:
        outbox.post(person, "group_removed", group=group, actor=actor)
    return True


def give_role(group: Group, found: Membership, role: GroupRole, actor: User) -> bool:
    """Give a member another role in the group; False when it was that already.

    Raises LastOwnerError when nobody would be left who can manage it.
    """
    lock(group)
    if found.role is role:
        return False
    keep_an_owner(group, found)
    before, found.role = found.role, role
    result = f"{found.user.name}: {before.value} → {role.value}"
    activity.record(Verb.GROUP_ROLE_CHANGED, group, actor, result=result)
    return True


def keep_an_owner(group: Group, leaving: Membership) -> None:
    """Refuse that the last owner who can act stops being one."""
    others = [o for o in db.session.scalars(active_owners(group)) if o.user_id != leaving.user_id]
    if leaving.role is GroupRole.OWNER and not others:
        raise LastOwnerError


def lock(group: Group) -> None:
    """Let changes of one group's members happen one after the other."""
    db.session.execute(select(Group.id).where(Group.id == group.id).with_for_update())
