"""The life of a group: does it still live, into the archive, and out of it again."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import func, select, update

from app.extensions import db
from app.lib.clock import now
from app.models import Group, GroupRequest, Membership, RequestState, User
from app.queries.groups import active_owners, open_requests
from app.services import activity, links, outbox
from app.services.activity import Verb
from app.services.help_requests import managers

YEAR = timedelta(days=365)


def archive(group: Group, actor: User, reason: str) -> bool:
    """Make a group read only, and tell its members; False when it was archived already."""
    if not put_away(group):
        return False
    activity.record(Verb.GROUP_ARCHIVED, group, actor, reason=reason)
    tell_members(Verb.GROUP_ARCHIVED, group, actor, reason)
    close_all(group, actor, reason)
    return True


def end_of_empty(group: Group, actor: User | None) -> None:
    """Archive a group with nobody left in it, and tell the community manager."""
    if not put_away(group):
        return
    activity.log(Verb.GROUP_ARCHIVED, group, actor, result="empty")
    for manager in db.session.scalars(managers()):
        activity.notify(manager.id, Verb.GROUP_ARCHIVED, group, None)
    close_all(group, None, "")


def put_away(group: Group) -> bool:
    """Give a group its archived state; False when it has that already."""
    if group.archived_at is not None:
        return False
    group.archived_at, group.check_asked_at = now(), None
    return True


def revive(group: Group, actor: User) -> bool:
    """Let people write in a group again, and tell its members; False when they could already."""
    if group.archived_at is None:
        return False
    group.archived_at, group.checked_at = None, now()
    activity.record(Verb.GROUP_REVIVED, group, actor)
    tell_members(Verb.GROUP_REVIVED, group, actor)
    return True


def still_lives(group: Group) -> None:
    """Keep that an owner said that the group lives: for a year nobody asks again."""
    group.checked_at, group.check_asked_at = now(), None


def ask_owners() -> int:
    """Ask the owners whether their group still lives, a year after they last said so. Return how many.

    All is one transaction; a second time does nothing until an owner has answered.
    """
    moment = now()
    last = func.coalesce(Group.checked_at, Group.created_at)
    due = select(Group).where(
        Group.archived_at.is_(None), Group.check_asked_at.is_(None), last <= moment - YEAR
    )
    groups = db.session.scalars(due.order_by(Group.id)).all()
    for group in groups:
        group.check_asked_at = moment
        path = links.address("groups.show", slug=group.slug)
        for owner in db.session.scalars(active_owners(group)).all():
            activity.notify(owner.user_id, Verb.GROUP_CHECK, group, None)
            outbox.post(owner.user, "group_check", group=group, path=path)
    db.session.commit()
    return len(groups)


def tell_members(verb: Verb, group: Group, actor: User, message: str = "") -> None:
    """Put news of a group before all its members but the one who made it."""
    members = select(Membership.user_id).where(Membership.group_id == group.id)
    for user_id in db.session.scalars(members).all():
        activity.notify(user_id, verb, group, actor, message)


def close_all(group: Group, actor: User | None, reason: str) -> None:
    """End what is open of requests and invitations; who asked hears why."""
    found = db.session.scalars(open_requests(group)).all()
    for asked in found:
        settle(
            [asked], RequestState.WITHDRAWN if asked.invited_by_id else RequestState.DECLINED, actor
        )
        if asked.invited_by_id is None:
            asked.answer = reason
            activity.notify(asked.user_id, Verb.GROUP_DECLINED, group, actor, reason)


def settle(requests: Iterable[GroupRequest], state: RequestState, actor: User | None) -> None:
    """Close requests or invitations."""
    for request in requests:
        request.state, request.decided_at = state, now()
        request.decided_by_id = actor.id if actor else None


def close_request(group: Group, person: User, actor: User | None) -> None:
    """Let the open request or invitation of someone who comes in be over, whichever way they came."""
    mine = (GroupRequest.group_id == group.id, GroupRequest.user_id == person.id)
    db.session.execute(
        update(GroupRequest)
        .where(*mine, GroupRequest.state == RequestState.OPEN)
        .values(
            state=RequestState.APPROVED, decided_at=now(), decided_by_id=actor.id if actor else None
        )
    )
