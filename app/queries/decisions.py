"""Decisions about people and what they wrote, as far as a reader may know of them."""

from typing import Any

from sqlalchemy import Select, not_, select
from sqlalchemy.orm import contains_eager, joinedload

from app.models import Appeal, Comment, Content, Decision, StaffNote, User
from app.policy import appeals_decided_by, decisions_visible_to
from app.queries.moderation import Newest

DECISIONS_A_PAGE = 20
APPEALS = Newest(Appeal, ("id",), (int,), DECISIONS_A_PAGE)
NEWEST = Newest(Decision, ("id",), (int,), DECISIONS_A_PAGE)


SHOWN = (
    joinedload(Decision.person),
    joinedload(Decision.actor),
    joinedload(Decision.ended_by),
    joinedload(Decision.group),
    joinedload(Decision.content).joinedload(Content.group),
    joinedload(Decision.comment).joinedload(Comment.content).joinedload(Content.group),
    joinedload(Decision.appeal).joinedload(Appeal.decided_by),
    joinedload(Decision.appeal).joinedload(Appeal.entered_by),
)
"""What a list of decisions and the page of one show."""


def decisions(user: Any) -> Select[Decision]:
    """Select the decisions that `user` may read; bare, to be counted or shown."""
    return select(Decision).where(decisions_visible_to(user))


def with_all(found: Select[Decision]) -> Select[Decision]:
    """Load what a list of decisions and the page of one show."""
    return found.options(*SHOWN)


def one(user: Any, key: int) -> Select[Decision]:
    """Select one decision with all that its page shows."""
    found = with_all(decisions(user).where(Decision.id == key))
    return found.options(joinedload(Decision.actor).selectinload(User.grants))


def about(person_id: int) -> Select[Decision]:
    """Select the decisions about a person, with what a line of a list shows of them."""
    return (
        select(Decision)
        .where(Decision.person_id == person_id)
        .options(joinedload(Decision.appeal), joinedload(Decision.actor))
    )


def on_person(person_id: int, key: int) -> Select[Decision]:
    """Select a measure on a person, such as a warning, with what ending it needs."""
    return (
        select(Decision)
        .where(
            Decision.person_id == person_id, Decision.id == key,
            Decision.measure.in_(("warned", "silenced", "suspended")),
        )
        .options(joinedload(Decision.person))
    )  # fmt: skip


def waiting(user: Any) -> Select[Appeal]:
    """Select the objections that `user` may decide about and that nobody decided yet."""
    return select(Appeal).join(Appeal.decision).where(appeals_decided_by(user))


def decided(user: Any) -> Select[Appeal]:
    """Select the objections that were decided, of the decisions that `user` may read."""
    mine = Decision.person_id == user.id
    return (
        select(Appeal)
        .join(Appeal.decision)
        .where(Appeal.decided_at.is_not(None), decisions_visible_to(user), not_(mine))
    )


def with_decision(found: Select[Appeal]) -> Select[Appeal]:
    """Load what a row of the queue shows."""
    return found.options(
        contains_eager(Appeal.decision).options(
            joinedload(Decision.person), joinedload(Decision.actor)
        ),
        joinedload(Appeal.decided_by),
    )


def notes_about(person_id: int) -> Select[StaffNote]:
    """Select what managers noted about a person, newest first."""
    return (
        select(StaffNote)
        .where(StaffNote.person_id == person_id)
        .options(joinedload(StaffNote.author))
        .order_by(StaffNote.id.desc())
    )
