"""Groups as far as a reader may know of them, and who is in one."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.lib.clock import now
from app.models import (
    Content,
    Group,
    GroupKind,
    GroupRequest,
    GroupRole,
    Membership,
    RequestState,
    User,
)
from app.policy import (
    ANSWER_WITHIN,
    destinations_of,
    groups_visible_to,
    leaders_of,
    visible_to,
)

MEMBERS_SHOWN = 60
FOUND = 10
RANK = case({GroupRole.OWNER: 0, GroupRole.MODERATOR: 1}, value=Membership.role, else_=2)


def own(user: User) -> ColumnElement[bool]:
    """Return the condition on `Group` for those of which `user` is a member."""
    return Group.id.in_([membership.group_id for membership in user.memberships])


def groups_for(user: User) -> Select[Any]:
    """Select the groups that `user` may know of, own ones first.

    A row has the `Group`, `mine`, and `members` and `pieces`: numbers, or None where the group is
    closed to this person.
    """
    inside = or_(Group.kind == GroupKind.OPEN, own(user))
    members = (
        select(func.count())
        .select_from(Membership)
        .join(User, User.id == Membership.user_id)
        .where(Membership.group_id == Group.id, User.deactivated_at.is_(None))
        .scalar_subquery()
    )
    pieces = (
        select(func.count(Content.id))
        .where(Content.group_id == Group.id, visible_to(user))
        .correlate(Group)
        .scalar_subquery()
    )
    return (
        select(
            Group,
            own(user).label("mine"),
            case((inside, members), else_=None).label("members"),
            case((inside, pieces), else_=None).label("pieces"),
        )
        .where(groups_visible_to(user))
        .order_by(own(user).desc(), func.lower(Group.name), Group.id)
    )


def members_of(group: Group) -> Select[Membership]:
    """Select the members of a group with their names: owners, moderators, then the others."""
    return (
        select(Membership)
        .join(Membership.user)
        .where(Membership.group_id == group.id, User.deactivated_at.is_(None))
        .order_by(RANK, func.lower(User.name), User.id)
        .options(
            joinedload(Membership.user).options(
                joinedload(User.department), selectinload(User.grants)
            )
        )
    )


def number_of_members(group: Group) -> Select[int]:
    """Count the members of a group whose account is in use."""
    return (
        select(func.count())
        .select_from(Membership)
        .join(User, User.id == Membership.user_id)
        .where(Membership.group_id == group.id, User.deactivated_at.is_(None))
    )


def membership(group: Group, user_id: int) -> Select[Membership]:
    """Select one person's membership of a group, with the person."""
    return (
        select(Membership)
        .where(Membership.group_id == group.id, Membership.user_id == user_id)
        .options(joinedload(Membership.user))
    )


def active_owners(group: Group) -> Select[Membership]:
    """Select the owners of a group who can still act."""
    return (
        select(Membership)
        .join(Membership.user)
        .where(
            Membership.group_id == group.id,
            Membership.role == GroupRole.OWNER,
            User.deactivated_at.is_(None),
        )
    )


def to_add(group: Group, words: str) -> Select[User]:
    """Select people who are not in the group yet, by a part of their name or by their address."""
    inside = select(Membership.user_id).where(Membership.group_id == group.id)
    return (
        select(User)
        .where(
            User.deactivated_at.is_(None),
            User.id.not_in(inside),
            or_(User.name.icontains(words, autoescape=True), User.email == words.lower()),
        )
        .order_by(func.lower(User.name), User.id)
        .limit(FOUND)
        .options(joinedload(User.department))
    )


def called(words: str) -> Select[User]:
    """Select the people with exactly this name or address, two at most."""
    named = or_(func.lower(User.name) == words.lower(), User.email == words.lower())
    return select(User).where(User.deactivated_at.is_(None), named).limit(2)


def with_name(user: User, name: str) -> Select[Group]:
    """Select the groups of this name that `user` knows of: a hidden name stays unknown."""
    return select(Group).where(groups_visible_to(user), func.lower(Group.name) == name.lower())


def heirs(group: Group) -> Select[Membership]:
    """Select who could lead a group besides its owners: its longest moderator, else longest member."""
    return (
        select(Membership)
        .join(Membership.user)
        .where(
            Membership.group_id == group.id,
            Membership.role != GroupRole.OWNER,
            User.deactivated_at.is_(None),
        )
        .order_by(RANK, Membership.joined_at, Membership.user_id)
        .options(contains_eager(Membership.user))
    )


def in_groups(person: User) -> Select[Membership]:
    """Select the memberships of a person in groups in use, with those groups."""
    return (
        select(Membership)
        .join(Membership.group)
        .where(Membership.user_id == person.id, Group.archived_at.is_(None))
        .order_by(Membership.group_id)
        .options(contains_eager(Membership.group))
    )


def open_requests(group: Group) -> Select[GroupRequest]:
    """Select who asks to be let in and who is invited and has not answered, the oldest first."""
    return (
        select(GroupRequest)
        .where(GroupRequest.group_id == group.id, GroupRequest.state == RequestState.OPEN)
        .order_by(GroupRequest.id)
        .options(
            joinedload(GroupRequest.user).options(
                joinedload(User.department), selectinload(User.grants)
            ),
            joinedload(GroupRequest.invited_by),
        )
    )


def requests_of(user: User) -> Select[GroupRequest]:
    """Select what a person is asked and asks: open invitations, and requests that wait.

    Of a group that was made hidden the request is left out: its name may be another by now.
    """
    invited = GroupRequest.invited_by_id.is_not(None)
    return (
        select(GroupRequest)
        .join(GroupRequest.group)
        .where(
            GroupRequest.user_id == user.id,
            GroupRequest.state == RequestState.OPEN,
            or_(invited, groups_visible_to(user)),
        )
        .order_by(GroupRequest.id)
        .options(contains_eager(GroupRequest.group), joinedload(GroupRequest.invited_by))
    )


def own_request(group: Group, user: User) -> Select[GroupRequest]:
    """Select the request or invitation of a person that is open for this group."""
    return select(GroupRequest).where(
        GroupRequest.group_id == group.id,
        GroupRequest.user_id == user.id,
        GroupRequest.state == RequestState.OPEN,
    )


def leaders(group: Group) -> Select[User]:
    """Select the owners and moderators of a group who can act."""
    led = User.id.in_(leaders_of(group.id))
    return select(User).where(led, User.deactivated_at.is_(None)).order_by(User.id)


def one_request(key: int, led: list[int]) -> Select[GroupRequest]:
    """Select a request or an invitation with its people and its group, in one of the groups led."""
    return (
        select(GroupRequest)
        .where(GroupRequest.id == key, GroupRequest.group_id.in_(led))
        .options(
            joinedload(GroupRequest.group), joinedload(GroupRequest.user),
            joinedload(GroupRequest.invited_by),
        )
    )  # fmt: skip


def own_invitation(key: int, user: User) -> Select[GroupRequest]:
    """Select an invitation of this person with its group and who invited them."""
    return (
        select(GroupRequest)
        .where(
            GroupRequest.id == key, GroupRequest.user_id == user.id,
            GroupRequest.invited_by_id.is_not(None),
        )
        .options(joinedload(GroupRequest.group), joinedload(GroupRequest.invited_by))
    )  # fmt: skip


def places_for(user: User, content: Content) -> Select[Group]:
    """Select the groups in which `user` may put a discussion, and the one in which it is, by name."""
    here = Group.id == content.group_id
    other = and_(destinations_of(user), Group.archived_at.is_(None))
    return (
        select(Group)
        .where(groups_visible_to(user), or_(here, other))
        .order_by(func.lower(Group.name), Group.id)
    )


def silent_groups(reader: User) -> Select[Any]:
    """Select the groups that are silent, and whether `reader` may know of each."""
    known = case((groups_visible_to(reader), 1), else_=0)
    return select(Group, known).where(is_silent()).order_by(func.lower(Group.name), Group.id)


def is_silent() -> ColumnElement[bool]:
    """Hold for the groups in use whose owners were asked long ago whether they live: no answer."""
    asked_long_ago = Group.check_asked_at <= now() - ANSWER_WITHIN
    return and_(Group.archived_at.is_(None), asked_long_ago)


def for_help(user: User) -> Select[Group]:
    """Select the group in which members help each other, when there is one in use."""
    return (
        select(Group)
        .where(groups_visible_to(user), Group.is_support, Group.archived_at.is_(None))
        .order_by(Group.id)
        .limit(1)
    )
