"""Asking to belong to a group, and being asked: until someone says yes or no."""

from sqlalchemy import select

from app.extensions import db
from app.models import Group, GroupKind, GroupRequest, RequestState, User
from app.queries.groups import leaders, membership, own_request
from app.services import activity, group_life, group_members, links, outbox
from app.services.activity import Verb


class SettledError(Exception):
    """Someone answered this before, it was withdrawn, or the group takes in nobody any more."""


class MemberAlreadyError(Exception):
    """This person belongs to the group already."""


class InvitedAlreadyError(Exception):
    """This person was invited already and has not answered yet."""


def ask(group: Group, person: User, message: str) -> bool:
    """Ask to belong to a closed group; its leaders hear it. False when one asked already.

    Who was invited and asks comes in at once: both want it.
    """
    group_members.lock(group)
    if db.session.scalar(membership(group, person.id)) is not None:
        return False
    present = db.session.scalar(own_request(group, person))
    if present is not None:
        return present.invited_by_id is not None and group_members.add(group, person, person)
    request = GroupRequest(group=group, user=person, message=message)
    db.session.add(request)
    db.session.flush()
    path = links.address("groups.members", slug=group.slug)
    for leader in db.session.scalars(leaders(group)).all():
        activity.notify(leader.id, Verb.GROUP_ASKED, group, person, message)
        outbox.post(leader, "group_asked", group=group, asker=person, message=message, path=path)
    return True


def withdraw_own(group: Group, person: User) -> bool:
    """Take back one's own request; False when there is none that waits."""
    group_members.lock(group)
    found = db.session.scalar(own_request(group, person))
    if found is None or found.invited_by_id is not None:
        return False
    group_life.settle([found], RequestState.WITHDRAWN, person)
    return True


def let_in(request: GroupRequest, actor: User) -> None:
    """Let in who asked. Raises SettledError, and ArchivedError."""
    take(request, asked=True)
    refuse_archived(request.group)
    group_life.settle([request], RequestState.APPROVED, actor)
    group_members.add(request.group, request.user, actor)


def decline(request: GroupRequest, actor: User, reason: str) -> None:
    """Decline who asked, who hears why. Raises SettledError."""
    take(request, asked=True)
    group_life.settle([request], RequestState.DECLINED, actor)
    request.answer = reason
    activity.notify(request.user_id, Verb.GROUP_DECLINED, request.group, actor, reason)
    outbox.post(request.user, "group_declined", group=request.group, reason=reason)


def invite(group: Group, person: User, actor: User) -> None:
    """Invite someone to a group. Who asked to be let in comes in at once.

    Raises MemberAlreadyError, InvitedAlreadyError, and ArchivedError.
    """
    group_members.lock(group)
    refuse_archived(group)
    if db.session.scalar(membership(group, person.id)) is not None:
        raise MemberAlreadyError
    present = db.session.scalar(own_request(group, person))
    if present is not None and present.invited_by_id is not None:
        raise InvitedAlreadyError
    if present is not None:
        group_members.add(group, person, actor)
        return
    made = GroupRequest(group=group, user=person, invited_by=actor)
    db.session.add(made)
    db.session.flush()
    activity.notify(person.id, Verb.GROUP_INVITED, group, actor)
    path = links.address("groups.invitation", invitation_id=made.id)
    # A mail can be read by others: the name of a hidden group stands on the invitation only.
    shown = None if group.kind is GroupKind.HIDDEN else group
    outbox.post(person, "group_invited", group=shown, inviter=actor, path=path)


def withdraw_invitation(request: GroupRequest, actor: User) -> None:
    """Take back an invitation. Raises SettledError."""
    take(request, asked=False)
    group_life.settle([request], RequestState.WITHDRAWN, actor)


def accept(request: GroupRequest, person: User) -> None:
    """Go along with an invitation. Raises SettledError, and ArchivedError."""
    take(request, asked=False)
    refuse_archived(request.group)
    group_life.settle([request], RequestState.APPROVED, person)
    group_members.add(request.group, person, person)


def refuse(request: GroupRequest, person: User) -> None:
    """Decline an invitation. Raises SettledError."""
    take(request, asked=False)
    group_life.settle([request], RequestState.DECLINED, person)


def take(request: GroupRequest, *, asked: bool) -> None:
    """Wait for others who answer this; raises SettledError when it is not open any more."""
    group_members.lock(request.group)
    state = select(GroupRequest.state).where(GroupRequest.id == request.id)
    is_asked = request.invited_by_id is None
    if db.session.scalar(state) is not RequestState.OPEN or is_asked is not asked:
        raise SettledError


def refuse_archived(group: Group) -> None:
    """Raise ArchivedError for a group that takes in nobody."""
    if group.archived_at is not None:
        raise group_members.ArchivedError
