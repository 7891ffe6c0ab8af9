"""Decisions about people and what they wrote, as far as a reader may know of them."""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app.models import Appeal, Comment, Content, Decision, User
from app.policy import decisions_visible_to
from app.queries.moderation import Newest

DECISIONS_A_PAGE = 20
NEWEST = Newest(Decision, ("id",), (int,), DECISIONS_A_PAGE)


def decisions(user: Any) -> Select[Decision]:
    """Select the decisions that `user` may read; bare, to be counted or shown."""
    return select(Decision).where(decisions_visible_to(user))


def with_all(found: Select[Decision]) -> Select[Decision]:
    """Load what a list of decisions and the page of one show."""
    return found.options(
        joinedload(Decision.person),
        joinedload(Decision.actor),
        joinedload(Decision.ended_by),
        joinedload(Decision.group),
        joinedload(Decision.content).joinedload(Content.group),
        joinedload(Decision.comment).joinedload(Comment.content).joinedload(Content.group),
        joinedload(Decision.appeal).joinedload(Appeal.decided_by),
    )


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
