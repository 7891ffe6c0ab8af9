"""Groups to which the holders of a role belong by themselves."""

from sqlalchemy import select

from app.extensions import db
from app.models import Grant, Group, Membership, Role, User
from app.services import group_members


def hold_role(person: User, role: Role, actor: User | None) -> None:
    """Let who got a role belong to the groups of that role."""
    for group in groups_of(role):
        group_members.put_in(group, person, actor)


def lose_role(person: User, role: Role, actor: User) -> None:
    """Let who holds a role no longer, in no theme, leave the groups of that role."""
    groups = groups_of(role)
    if not groups:
        return
    db.session.flush()
    still = select(Grant.id).where(Grant.user_id == person.id, Grant.role == role).limit(1)
    if db.session.scalar(still) is None:
        for group in groups:
            group_members.take_out(group, person, actor)


def hold_all(group: Group, actor: User | None) -> None:
    """Let all who hold the role of a group belong to it."""
    inside = select(Membership.user_id).where(Membership.group_id == group.id)
    holders = select(Grant.user_id).where(Grant.role == group.auto_role)
    found = select(User).where(
        User.id.in_(holders), User.id.not_in(inside), User.deactivated_at.is_(None)
    )
    for person in db.session.scalars(found.order_by(User.id)).all():
        group_members.put_in(group, person, actor)


def groups_of(role: Role) -> list[Group]:
    """Return the groups to which holders of a role belong."""
    return list(db.session.scalars(select(Group).where(Group.auto_role == role)))
