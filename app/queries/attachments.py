"""The documents of a piece."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from app.extensions import db
from app.models import Attachment, Content
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
        )
    )


def documents_of(user: Any, content: Content) -> Sequence[Attachment]:
    """Return the documents of a piece; one without any costs nothing."""
    if not content.attachment_count:
        return []
    return db.session.scalars(attachments(user, content.id)).all()
