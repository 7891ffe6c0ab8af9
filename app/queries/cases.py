"""Cases of reports, as far as a reader may handle them."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from app.extensions import db
from app.lib.clock import now
from app.models import (
    UNDER_WAY,
    Attachment,
    Case,
    CaseEvent,
    Comment,
    Content,
    Grant,
    Report,
    Role,
    User,
)
from app.policy import Ability, can, handled_by, keeping_order, person_behind, piece_of
from app.queries.moderation import Newest

CASES_A_PAGE = 20
WAITING = Newest(Case, ("created_at", "id"), (datetime, int), CASES_A_PAGE, oldest_first=True)
CLOSED = Newest(Case, ("closed_at", "id"), (datetime, int), CASES_A_PAGE)


class View(StrEnum):
    """Which of the cases that are not closed."""

    ALL = "all"
    MINE = "mine"
    FREE = "free"
    LATE = "late"
    ESCALATED = "escalated"


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


def with_subjects(found: Select[Case]) -> Select[Case]:
    """Load what a card of the queue shows."""
    reply, document = joinedload(Case.comment), joinedload(Case.attachment)
    return found.options(
        joinedload(Case.content).options(joinedload(Content.author), joinedload(Content.group)),
        reply.joinedload(Comment.author),
        reply.joinedload(Comment.content).joinedload(Content.group),
        document.joinedload(Attachment.uploader),
        document.joinedload(Attachment.comment).joinedload(Comment.content).joinedload(Content.group),
        document.joinedload(Attachment.content).joinedload(Content.group),
        joinedload(Case.person),
        joinedload(Case.taken_by),
        joinedload(Case.escalated_by),
        joinedload(Case.closed_by),
        selectinload(Case.reports),
    )  # fmt: skip


def with_all(found: Select[Case]) -> Select[Case]:
    """Load what the page of a case shows as well: who reported, and its history."""
    return with_subjects(found).options(
        selectinload(Case.reports).joinedload(Report.reporter),
        selectinload(Case.events).options(joinedload(CaseEvent.actor), joinedload(CaseEvent.to)),
    )


def waiting(user: Any) -> Select[Case]:
    """Select the cases that are not closed."""
    return handled(user).where(Case.state.in_(UNDER_WAY))


def late() -> ColumnElement[bool]:
    """Hold for the cases that should have been closed by now."""
    return Case.due_at <= now()


def seen_as(user: User, view: View) -> Select[Case]:
    """Select the cases of one view of the queue."""
    conditions: dict[View, ColumnElement[bool]] = {
        View.ALL: true(),
        View.MINE: Case.taken_by_id == user.id,
        View.FREE: Case.taken_by_id.is_(None),
        View.LATE: late(),
        View.ESCALATED: Case.escalated_at.is_not(None),
    }
    return waiting(user).where(conditions[view])


def counts(user: User) -> dict[View, int]:
    """Count the cases of each view, in one statement."""
    numbers = (
        select(func.count()).select_from(seen_as(user, view).with_only_columns(Case.id).subquery())
        for view in View
    )
    row = db.session.execute(select(*(number.scalar_subquery() for number in numbers))).one()
    return dict(zip(View, row, strict=True))


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


def handlers(case: Case) -> Sequence[User]:
    """Return all who may handle a case, by name; the subjects of the case must be loaded."""
    piece = piece_of(case)
    found = (
        select(User)
        .where(keeping_order(piece.group_id if piece else None))
        .options(selectinload(User.grants), selectinload(User.memberships))
        .order_by(User.name, User.id)
    )
    people = db.session.scalars(found).unique().all()
    return [person for person in people if can(person, Ability.HANDLE_REPORTS, case)]


def deciders(case: Case, but: User | None) -> Sequence[User]:
    """Return the managers who may decide about a case once it is escalated: never about themselves."""
    found = (
        select(User)
        .join(Grant, Grant.user_id == User.id)
        .where(Grant.role == Role.MANAGER, User.deactivated_at.is_(None))
        .options(selectinload(User.grants), selectinload(User.memberships))
        .order_by(User.id)
    )
    concerned = {person_behind(case), but.id if but else None}
    return [person for person in db.session.scalars(found).unique() if person.id not in concerned]
