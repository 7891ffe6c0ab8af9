"""Groups that an administrator can ask to look into, and who looked."""

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from app.models import GlassBreak, Group, GroupKind

SHOWN = 100


def shut_group(words: str) -> Select[Group]:
    """Select the closed or hidden groups with exactly this name or address, two at most.

    Nothing that is alike: who does not know what a hidden group is called, does not find it.
    """
    slug = words.rstrip("/").rpartition("/")[2].lower()
    named = or_(func.lower(Group.name) == words.lower(), Group.slug == slug)
    return select(Group).where(Group.kind != GroupKind.OPEN, named).order_by(Group.id).limit(2)


def looked_into(group: Group) -> Select[GlassBreak]:
    """Select who looked into a group, the last one first."""
    return (
        select(GlassBreak)
        .where(GlassBreak.group_id == group.id)
        .order_by(GlassBreak.id.desc())
        .limit(SHOWN)
        .options(joinedload(GlassBreak.user))
    )
