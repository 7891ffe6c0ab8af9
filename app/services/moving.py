"""A discussion put in another theme or group: never where more people could read it than before."""

from enum import StrEnum

from sqlalchemy import exists, select, update

from app.extensions import db
from app.models import Content, Group, GroupKind, Membership, Theme, User
from app.policy import is_member
from app.services import activity
from app.services.activity import Grounds, Verb

ARROW = " → "


class Refusal(StrEnum):
    """Why a discussion cannot go to a group, or out of one."""

    MORE_READERS = "more_readers"
    NOT_OF_AUTHOR = "not_of_author"
    NOT_OF_MOVER = "not_of_mover"
    ARCHIVED = "archived"


class RefusedError(Exception):
    """The discussion stays where it is: `reason` says why."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


def is_open(group: Group | None) -> bool:
    """Tell whether everyone in the community reads what stands here."""
    return group is None or group.kind is GroupKind.OPEN


def refusal(content: Content, group: Group | None, mover: User) -> Refusal | None:
    """Return why a discussion cannot go to a group (None: outside all); None when it can.

    `content.group` is needed. What stands in a closed group stays there: elsewhere others could
    read it. Into one it goes only when its author can still read it, and who moves it.
    """
    if content.group_id == (group.id if group else None):
        return None
    if not is_open(content.group):
        return Refusal.MORE_READERS
    if group is not None and group.archived_at is not None:
        return Refusal.ARCHIVED
    if group is None or is_open(group):
        return None
    if not is_member(mover, group):
        return Refusal.NOT_OF_MOVER
    author_inside = exists().where(
        Membership.group_id == group.id, Membership.user_id == content.author_id
    )
    return None if db.session.scalar(select(author_inside)) else Refusal.NOT_OF_AUTHOR


def move(
    content: Content, actor: User, reason: str, theme: Theme | None, group: Group | None,
    *, grounds: Grounds = activity.NO_GROUNDS,
) -> bool:  # fmt: skip
    """Put a discussion in a theme and a group. Raises RefusedError.

    `content` has its present theme and group loaded. What was merged into it goes along, so that
    the merge can be undone.
    """
    refused = refusal(content, group, actor)
    if refused is not None:
        raise RefusedError(refused)
    steps = []
    if content.theme_id != (theme.id if theme else None):
        steps.append(f"{content.theme.name if content.theme else ''}{ARROW}{name_of(theme)}")
        content.theme = theme
    if content.group_id != (group.id if group else None):
        steps.append(f"{name_of(content.group)}{ARROW}{name_of(group)}")
        content.group = group
        db.session.flush()
        bring_along(content)
    if not steps:
        return False
    activity.record(
        Verb.MOVED, content, actor, reason=reason, result="; ".join(steps), grounds=grounds
    )
    return True


def bring_along(content: Content) -> None:
    """Let the pages of what was merged into a discussion have the readers that it has."""
    into = [content.id]
    while into:
        here = Content.merged_into_id.in_(into)
        into = list(db.session.scalars(select(Content.id).where(here)))
        db.session.execute(
            update(Content)
            .where(Content.id.in_(into))
            .values(group_id=content.group_id)
            .execution_options(synchronize_session=False)
        )


def name_of(place: Theme | Group | None) -> str:
    """Return what a theme or a group is called; nothing for none."""
    return place.name if place else ""
