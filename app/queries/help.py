"""Questions to the community manager, as far as a reader may see them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, select
from sqlalchemy.orm import joinedload

from app.lib.clock import now
from app.lib.working_days import subtract_working_days
from app.models import HelpRequest
from app.policy import help_requests_visible_to
from app.site import site

PAGE = 30
STATES = ("open", "answered")


def help_requests(user: Any, state: str = "") -> Select[HelpRequest]:
    """Select the questions that `user` may read: all, or those that are "open" or "answered"."""
    found = select(HelpRequest).where(help_requests_visible_to(user))
    if state == "open":
        return found.where(HelpRequest.answered_at.is_(None))
    if state == "answered":
        return found.where(HelpRequest.answered_at.is_not(None))
    return found


def help_page(found: Select[HelpRequest], number: int) -> Select[HelpRequest]:
    """Select one page: what waits longest on top, then what was answered last."""
    return (
        with_people(found)
        .order_by(
            HelpRequest.answered_at.is_not(None), HelpRequest.answered_at.desc(), HelpRequest.id
        )
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    )


def with_people(found: Select[HelpRequest]) -> Select[HelpRequest]:
    """Load who asked and who answered, and the theme."""
    return found.options(
        joinedload(HelpRequest.asker),
        joinedload(HelpRequest.answered_by),
        joinedload(HelpRequest.theme),
    )


def number_of(found: Select[HelpRequest]) -> Select[int]:
    """Count questions."""
    return select(func.count()).select_from(found.order_by(None).subquery())


def late_since() -> datetime:
    """Return the moment before which a question without an answer has waited too long."""
    return subtract_working_days(now(), site().help_days)


def open_help_count(user: Any) -> ScalarSelect[int]:
    """Count what waits for an answer, for a statement that counts more."""
    return number_of(help_requests(user, "open")).scalar_subquery()


def late_help_count(user: Any) -> ScalarSelect[int]:
    """Count what waits too long for an answer, for a statement that counts more."""
    late = help_requests(user, "open").where(HelpRequest.created_at <= late_since())
    return number_of(late).scalar_subquery()
