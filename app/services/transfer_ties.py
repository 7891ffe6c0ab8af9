"""What hangs on replies that go to another discussion, and goes along."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update

from app.extensions import db
from app.models import (
    Attachment,
    Comment,
    Content,
    Decision,
    Discussion,
    Follow,
    FollowLevel,
    ImageUse,
    Notification,
    Proposal,
)
from app.services import attachments, reactions

MARKS = ("answer_id", "summary_comment_id")
AT_A_REPLY: tuple[tuple[Any, str, str], ...] = (
    (Attachment, "comment_id", "content_id"),
    (ImageUse, "comment_id", "content_id"),
    (Notification, "comment_id", "content_id"),
    (Decision, "comment_id", "content_id"),
    (Proposal, "source_comment_id", "source_id"),
)


def along(replies: Sequence[Comment], source: Discussion, target: Discussion) -> None:
    """Let all that names these replies and their discussion name the new one.

    Who wrote them follows it, unless they chose otherwise there.
    """
    keys = [reply.id for reply in replies]
    for model, reply, piece in AT_A_REPLY:
        db.session.execute(
            update(model)
            .where(getattr(model, reply).in_(keys))
            .values({piece: target.id})
            .execution_options(synchronize_session=False)
        )
    for mark in MARKS:
        marked = getattr(source, mark)
        if marked in keys:
            setattr(source, mark, None)
            if getattr(target, mark) is None:
                setattr(target, mark, marked)
    attachments.recount(source)
    attachments.recount(target)
    for author_id in sorted({reply.author_id for reply in replies}):
        reactions.add_once(Follow, user_id=author_id, content_id=target.id)


def followers(source: Content, target: Content) -> None:
    """Let who follows one piece follow the other, unless they chose otherwise there."""
    found = select(Follow.user_id).where(
        Follow.content_id == source.id, Follow.level != FollowLevel.NOTHING
    )
    for user_id in db.session.scalars(found.order_by(Follow.user_id)).all():
        reactions.add_once(Follow, user_id=user_id, content_id=target.id)
