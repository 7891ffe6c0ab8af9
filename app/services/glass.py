"""Breaking the glass: an administrator looks into a group that is not theirs, and everyone sees it."""

from datetime import timedelta

from sqlalchemy import update

from app.extensions import db
from app.lib.clock import now
from app.models import GlassBreak, Group, User
from app.queries.groups import active_owners
from app.services import activity, outbox
from app.services.activity import Verb

OPEN_FOR = timedelta(hours=1)


def look_into(group: Group, actor: User, reason: str) -> None:
    """Let an administrator read a group for an hour; its owners hear of it at once."""
    close(actor)
    moment = now()
    actor.glass_group_id, actor.glass_until = group.id, moment + OPEN_FOR
    db.session.add(
        GlassBreak(
            group_id=group.id, user_id=actor.id, reason=reason, opened_at=moment,
            ends_at=moment + OPEN_FOR,
        )
    )  # fmt: skip
    activity.record(Verb.GLASS_BROKEN, group, actor, reason=reason)
    for owner in db.session.scalars(active_owners(group)):
        activity.notify(owner.user_id, Verb.GLASS_BROKEN, group, actor, reason)
        if owner.user_id != actor.id:
            outbox.post(owner.user, "glass_broken", group=group, actor=actor, reason=reason)


def close(actor: User) -> None:
    """End the looking before its hour is over; the group sees how long it really was."""
    moment = now()
    db.session.execute(
        update(GlassBreak)
        .where(GlassBreak.user_id == actor.id, GlassBreak.ends_at > moment)
        .values(ends_at=moment)
        .execution_options(synchronize_session=False)
    )
    actor.glass_group_id = actor.glass_until = None
