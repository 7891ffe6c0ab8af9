"""Cases of reports, as far as a reader may handle them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.models import UNDER_WAY, Attachment, Case, CaseEvent, Comment, Content, Report
from app.policy import handled_by
from app.queries.moderation import Newest

CASES_A_PAGE = 20
CLOSED = Newest(Case, ("closed_at", "id"), (datetime, int), CASES_A_PAGE)


def handled(user: Any) -> Select[Case]:
    """Select the cases that `user` may handle; bare, to be counted or shown."""
    return (
        select(Case)
        .outerjoin(Comment, Comment.id == Case.comment_id)
        .outerjoin(Attachment, Attachment.id == Case.attachment_id)
        .outerjoin(
            Content,
            Content.id == func.coalesce(Case.content_id, Comment.content_id, Attachment.content_id),
        )
        .where(handled_by(user))
    )


def with_all(found: Select[Case]) -> Select[Case]:
    """Load what a row of the queue and the page of a case show."""
    reply, document = joinedload(Case.comment), joinedload(Case.attachment)
    return found.options(
        joinedload(Case.content).options(joinedload(Content.author), joinedload(Content.group)),
        reply.joinedload(Comment.author),
        reply.joinedload(Comment.content).joinedload(Content.group),
        document.joinedload(Attachment.uploader),
        document.joinedload(Attachment.comment),
        document.joinedload(Attachment.content).joinedload(Content.group),
        joinedload(Case.person),
        joinedload(Case.taken_by),
        joinedload(Case.escalated_by),
        joinedload(Case.closed_by),
        selectinload(Case.reports).joinedload(Report.reporter),
        selectinload(Case.events).options(
            joinedload(CaseEvent.actor), joinedload(CaseEvent.to)
        ),
    )  # fmt: skip


def waiting(user: Any) -> Select[Case]:
    """Select the cases that are not closed."""
    return handled(user).where(Case.state.in_(UNDER_WAY))


def closed(user: Any) -> Select[Case]:
    """Select the cases that were closed."""
    return handled(user).where(Case.closed_at.is_not(None))


def one(user: Any, key: int) -> Select[Case]:
    """Select one case with all that its page shows."""
    return with_all(handled(user).where(Case.id == key))


def about_person(person_id: int) -> Any:
    """Hold for the cases about a person: their profile, or what they made."""
    return or_(
        Case.user_id == person_id, Attachment.uploader_id == person_id,
        Comment.author_id == person_id, Content.author_id == person_id,
    )  # fmt: skip
