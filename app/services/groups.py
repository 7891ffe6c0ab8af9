"""Groups: made and changed. Who belongs to one is arranged in group_members."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import select

from app.extensions import db
from app.lib.slugs import slugify
from app.models import Group, GroupKind, GroupRole, Role, User
from app.services import activity, group_members, group_roles, search_index
from app.services.activity import Verb

# Widening who can read would show what members wrote for fewer eyes.
STRICTNESS = (GroupKind.OPEN, GroupKind.CLOSED, GroupKind.HIDDEN)
SLUG_LENGTH = 110
ADDRESSES = {"break-glass", "new", "invitations", "support"}
"""Words that stand in the addresses of this room already."""


@dataclass(frozen=True)
class Facts:
    """What a group is: its name, who can read it, and the texts that go with it."""

    name: str
    kind: GroupKind
    description: str = ""
    welcome: str = ""
    rules: str = ""
    question_text: str = ""
    premoderated: bool = False
    auto_role: Role | None = None


def make(
    facts: Facts, owners: Sequence[User], actor: User | None, *, is_support: bool = False
) -> Group:
    """Make a group with its first owners, and with the holders of its role if it has one."""
    group = Group(slug=free_slug(facts.name), is_support=is_support, **asdict(facts))
    db.session.add(group)
    search_index.index(group)
    activity.log(Verb.GROUP_MADE, group, actor, result=facts.kind.value)
    for owner in owners:
        if actor is None:
            group_members.put_in(group, owner, None, GroupRole.OWNER)
        else:
            group_members.add(group, owner, actor, GroupRole.OWNER)
    if group.auto_role is not None:
        group_roles.hold_all(group, actor)
    return group


def free_slug(name: str) -> str:
    """Return an address for a new group that no other has."""
    wanted = slugify(name, SLUG_LENGTH)
    taken = ADDRESSES.union(
        db.session.scalars(select(Group.slug).where(Group.slug.startswith(wanted)))
    )
    number = 2
    found = wanted
    while found in taken:
        found, number = f"{wanted}-{number}", number + 1
    return found


def stricter(kind: GroupKind) -> tuple[GroupKind, ...]:
    """Return what a group of this kind can become: itself, or for fewer eyes."""
    return STRICTNESS[STRICTNESS.index(kind) :]


def facts_of(group: Group) -> Facts:
    """Return what a group is now."""
    return Facts(**{name: getattr(group, name) for name in Facts.__dataclass_fields__})


def change(group: Group, facts: Facts, actor: User) -> bool:
    """Change what a group is; its address stays. False when it was that already.

    Who holds its new role comes in at once. Raises ValueError when more people could read it than
    before.
    """
    if facts.kind not in stricter(group.kind):
        raise ValueError("a group is never opened to more readers")
    before = facts_of(group)
    if before == facts:
        return False
    for name, value in asdict(facts).items():
        setattr(group, name, value)
    if (before.name, before.description) != (facts.name, facts.description):
        search_index.index(group)
    kind, former = facts.kind, before.kind
    result = kind.value if kind is former else f"{former.value} → {kind.value}"
    activity.record(Verb.GROUP_CHANGED, group, actor, result=result)
    if facts.auto_role not in (None, before.auto_role):
        group_roles.hold_all(group, actor)
    return True
