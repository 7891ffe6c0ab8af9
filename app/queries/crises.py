"""Crises: the present one, those before, and what was done in one."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models import Case, Crisis, CrisisNote, Group, LogEntry
from app.policy import groups_visible_to, open_to
from app.queries.cases import handled
from app.queries.moderation import LogSearch, log_of

EARLIER_SHOWN = 50
ROWS_SHOWN = 200
CASES_SHOWN = 50


def crises() -> Select[Crisis]:
    """Select crises with where they counted and who started and ended them, newest first."""
    return (
        select(Crisis)
        .options(
            joinedload(Crisis.theme), joinedload(Crisis.group),
            joinedload(Crisis.started_by), joinedload(Crisis.ended_by),
        )
        .order_by(Crisis.id.desc())
    )  # fmt: skip


def present() -> Crisis | None:
    """Return the crisis that goes on now."""
    return db.session.scalar(crises().where(Crisis.ended_at.is_(None)).limit(1))


def earlier(user: Any) -> Sequence[Crisis]:
    """Return the crises that are over, as far as `user` may read of them."""
    over = crises().where(Crisis.ended_at.is_not(None), open_to(user, Crisis.group_id))
    return db.session.scalars(over.limit(EARLIER_SHOWN)).all()


def notes(crisis: Crisis) -> Sequence[CrisisNote]:
    """Return what was noted during a crisis, in order."""
    found = select(CrisisNote).where(CrisisNote.crisis_id == crisis.id).order_by(CrisisNote.id)
    return db.session.scalars(found.options(joinedload(CrisisNote.author))).all()


def measures(crisis: Crisis, user: Any) -> Sequence[LogEntry]:
    """Return what the log tells of the time of a crisis, as far as `user` may see it."""
    found = log_of(user, LogSearch()).where(LogEntry.at >= crisis.started_at)
    if crisis.ended_at is not None:
        found = found.where(LogEntry.at <= crisis.ended_at)
    return db.session.scalars(found.order_by(LogEntry.id.desc()).limit(ROWS_SHOWN)).all()


def cases(crisis: Crisis, user: Any) -> Sequence[Any]:
    """Return id and state of the cases that were opened during a crisis."""
    found = handled(user).where(Case.created_at >= crisis.started_at)
    if crisis.ended_at is not None:
        found = found.where(Case.created_at <= crisis.ended_at)
    rows = found.with_only_columns(Case.id, Case.state, Case.created_at)
    return db.session.execute(rows.order_by(Case.id).limit(CASES_SHOWN)).all()


def groups_of(user: Any) -> Sequence[Group]:
    """Return the groups in use that `user` reads, by name."""
    found = select(Group).where(
        groups_visible_to(user), open_to(user, Group.id), Group.archived_at.is_(None)
    )
    return db.session.scalars(found.order_by(Group.name)).all()
