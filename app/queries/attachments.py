"""The documents of a piece and of its replies."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from app.extensions import db
from app.models import Attachment, Comment, Content
from app.policy import attachments_visible_to


def attachments(user: Any, content_id: int) -> Select[Attachment]:
    """Select the documents of a piece that `user` may download, in their order, with uploaders."""
    return (
        select(Attachment)
        .join(Attachment.content)
        .where(Attachment.content_id == content_id, attachments_visible_to(user))
        .order_by(Attachment.id)
        .options(
            contains_eager(Attachment.content).joinedload(Content.group),
            joinedload(Attachment.uploader),
            joinedload(Attachment.comment),
        )
    )


def documents_of(user: Any, content: Content) -> Sequence[Attachment]:
    """Return the documents of a piece, without those of its replies; one without costs nothing."""
    return documents_at(user, content, ())


def documents_at(user: Any, content: Content, replies: Collection[int]) -> Sequence[Attachment]:
    """Return the documents of a piece and of these replies to it, in one statement at most."""
    if not content.attachment_count:
        return []
    at_piece = Attachment.comment_id.is_(None)
    here = or_(at_piece, Attachment.comment_id.in_(replies)) if replies else at_piece
    return db.session.scalars(attachments(user, content.id).where(here)).all()


def documents_of_replies(user: Any, replies: Sequence[Comment]) -> Sequence[Attachment]:
    """Return the documents of some replies to one piece; without any it costs nothing."""
    having = [reply.id for reply in replies if reply.attachment_count]
    if not having:
        return []
    found = attachments(user, replies[0].content_id)
    return db.session.scalars(found.where(Attachment.comment_id.in_(having))).all()
