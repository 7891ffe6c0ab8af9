"""Decisions about people and what they wrote, as far as a reader may know of them."""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app.models import Appeal, Comment, Content, Decision
from app.policy import decisions_visible_to


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
    return with_all(decisions(user).where(Decision.id == key))
