"""How much waits, part by part, counted in one statement."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import ScalarSelect, func, select

from app.extensions import db
from app.lib.clock import now
from app.models import Appeal, Case, Content, Proposal, ProposalState, User
from app.policy import Ability, can
from app.queries import held
from app.queries.cases import waiting
from app.queries.decisions import waiting as waiting_appeals
from app.queries.desk import COUNTED, MOST, first_waiting, number_in
from app.queries.discussions import overdue_since
from app.queries.help import late_help_count, open_help_count
from app.queries.listing import Rows
from app.site import site

Counts = Mapping[str, int]
WEEK = timedelta(days=7)


def counts_for(user: User) -> Counts:
    """Count each part of the queue of `user`, what waits in other queues, and what is new."""
    first = first_waiting(user)
    counts: dict[str, ScalarSelect[int]] = {
        view.value: number_in(user, view, first) for view in COUNTED
    }
    counts["reports"] = number_of(waiting(user).with_only_columns(Case.id))
    counts["held"] = number_of(held.keys(user))
    appeals = waiting_appeals(user).with_only_columns(Appeal.id)
    counts["appeals"] = number_of(appeals.where(Appeal.due_at <= now()))
    counts["started"] = number_of(lately_started())
    if can(user, Ability.ANSWER_HELP):
        counts["help"] = open_help_count(user)
        counts["help_late"] = late_help_count(user)
    if "wikis" not in site().modules_off:
        counts["proposals"] = number_of(late_proposals())
    row = db.session.execute(select(*(counts[name].label(name) for name in counts))).one()
    return dict(zip(counts, row, strict=True))


def lately_started() -> Rows:
    """Select what was started in the past week for the whole community."""
    week_ago = now() - WEEK
    # By when something happened too, which is never earlier and stands in an index.
    return select(Content.id).where(
        Content.kind == "discussion", Content.published_at > week_ago,
        Content.last_active_at > week_ago, Content.hidden_at.is_(None),
        Content.withdrawn_at.is_(None), Content.group_id.is_(None),
    )  # fmt: skip


def started_lately(counts: Counts) -> bool:
    """Tell whether someone started something in the past week."""
    return counts["started"] > 0


def late_proposals() -> Rows:
    """Select the proposals for the wiki that wait longer than a discussion may."""
    return select(Proposal.id).where(
        Proposal.state == ProposalState.OPEN, Proposal.created_at <= overdue_since()
    )


def number_of(found: Rows) -> ScalarSelect[int]:
    """Count rows, as far as that says something."""
    some = found.limit(MOST + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery()
