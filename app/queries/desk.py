"""What waits: questions and discussions without a reply, first posts, and what came to a stop.

A piece leaves these lists by itself when someone else replies, or when it is locked, hidden,
merged, withdrawn, or marked as answered or summarised.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Label,
    ScalarSelect,
    Select,
    and_,
    case,
    func,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from app.lib.clock import now
from app.lib.working_days import subtract_working_days
from app.models import (
    Attention,
    Comment,
    Content,
    Discussion,
    Group,
    Nudge,
    Status,
    User,
    unindexed,
)
from app.policy import keeping_order, readers_of, visible_to
from app.queries.discussions import overdue_since
from app.queries.listing import Order, Rows, listed, not_merged, open_for_answers
from app.queries.newcomers import ANYONE, first_posts
from app.queries.newcomers import waiting as waits_for_answer
from app.site import site

STALLED_DAYS = 10
"""Working days without news after which a question without an answer has come to a stop."""
RISING = timedelta(days=3)
RISING_LEAST = 3
"""So many replies in that time make a discussion one to look at."""
RISING_MOST = 10
MOST = 99
detail = Discussion.__table__
Holder = aliased(User, name="holder")
Newcomer = aliased(User, name="newcomer")


class View(StrEnum):
    """A part of the queue, as its tabs name it."""

    ALL = "all"
    LATE = "late"
    NEW = "new"
    STALLED = "stalled"
    SOON = "soon"
    RISING = "rising"
    MINE = "mine"


COUNTED = (View.LATE, View.NEW, View.STALLED, View.SOON, View.MINE)


def first_waiting(reader: Any) -> CTE:
    """Return the first posts that wait for an answer, at most one in each piece, not one's own.

    Parts of a statement that share it look for them once.
    """
    first = first_posts(reader)
    turn = func.row_number().over(partition_by=first.c.content_id, order_by=first.c.posted_at)
    others = true() if reader is ANYONE else first.c.person_id != reader.id
    found = select(*first.c, turn.label("place")).where(waits_for_answer(first), others)
    ranked = found.subquery("waiting_posts")
    return select(*ranked.c).where(ranked.c.place == 1).cte("first_waiting")


def may_be_answered() -> ColumnElement[bool]:
    """Hold for the discussions in which someone can still reply."""
    archived = select(Group.id).where(Group.archived_at.is_not(None))
    # Each reason to wait has an index of its own; by kind alone SQLite reads all discussions.
    return and_(
        unindexed(Content.kind) == "discussion", Content.status == Status.PUBLISHED,
        open_for_answers(), not_merged(),
        or_(Content.group_id.is_(None), Content.group_id.not_in(archived)),
    )  # fmt: skip


def settled() -> ColumnElement[bool]:
    """Hold for the discussions with an answer or a summary."""
    return or_(detail.c.answer_id.is_not(None), detail.c.summary_comment_id.is_not(None))


def unanswered(since: datetime) -> ColumnElement[bool]:
    """Hold for what was started before `since` and to which nobody else replied."""
    # Written out, so that the databases recognise the condition of their partial index.
    nobody_else = literal_column("content.other_comment_count") == literal_column("0")
    return and_(
        Content.kind == "discussion", nobody_else, ~settled(), Content.published_at <= since
    )


def stalled() -> ColumnElement[bool]:
    """Hold for the questions with replies but no answer, in which nothing happens any more."""
    return and_(
        Content.kind == "discussion", detail.c.is_question, Content.other_comment_count > 0,
        ~settled(), Content.last_active_at <= subtract_working_days(now(), STALLED_DAYS),
    )  # fmt: skip


def soon() -> ColumnElement[bool]:
    """Hold for what nobody replied to and that waits too long within a working day."""
    tomorrow = subtract_working_days(now(), site().unanswered_days - 1)
    return and_(unanswered(tomorrow), Content.published_at > overdue_since())


def holds(view: View, first: CTE, reader: Any) -> ColumnElement[bool]:
    """Return the condition of a part of the queue."""
    new = Content.id.in_(select(first.c.content_id))
    match view:
        case View.LATE:
            return unanswered(overdue_since())
        case View.NEW:
            return new
        case View.STALLED:
            return stalled()
        case View.SOON:
            return soon()
        case View.MINE:
            mine = select(Attention.content_id).where(Attention.claimed_by_id == reader.id)
            return and_(Content.id.in_(mine), or_(unanswered(now()), stalled(), new))
    return or_(unanswered(overdue_since()), stalled(), new)


def carers() -> Select[int]:
    """Select the ids of those who see to what waits: ambassadors, moderators and managers."""
    return select(User.id).where(keeping_order())


def carers_for(content: Content) -> Select[User]:
    """Select who can see to a piece: those of them who read it, by name."""
    found = select(User).where(User.id.in_(carers()), readers_of(content))
    standing = or_(User.suspended_until.is_(None), User.suspended_until <= now())
    return found.where(standing).order_by(func.lower(User.name), User.id)


def since(first: CTE) -> Label[datetime]:
    """Return since when a piece waits."""
    started = func.coalesce(first.c.posted_at, Content.published_at)
    return case((stalled(), Content.last_active_at), else_=started).label("since")


def oldest_first(view: View, first: CTE) -> Order:
    """Return the order of a part of the queue, by a column where that is since when it waits."""
    column = {
        View.LATE: Content.published_at, View.SOON: Content.published_at,
        View.STALLED: Content.last_active_at,
    }.get(view, since(first).element)  # fmt: skip
    return Order(column, "since", oldest_first=True)


def rows(reader: User, first: CTE) -> Rows:
    """Select pieces as rows for the queue: besides what `listed` has, why they wait and for whom."""
    joined = joins(listed(reader), first).outerjoin(Newcomer, Newcomer.id == first.c.person_id)
    return joined.where(may_be_answered()).add_columns(
        since(first),
        unanswered(overdue_since()).label("is_late"),
        stalled().label("is_stalled"),
        first.c.comment_id.label("first_reply_id"),
        Newcomer.id.label("newcomer_id"), Newcomer.name.label("newcomer_name"),
        Newcomer.handle.label("newcomer_handle"),
        Holder.id.label("holder_id"), Holder.name.label("holder_name"),
        Attention.claimed_at, Attention.escalated_at, Group.kind.label("group_kind"),
    )  # fmt: skip


def joins(found: Rows, first: CTE) -> Rows:
    """Join what is done about a piece; who no longer sees to such things holds nothing."""
    held = and_(Holder.id == Attention.claimed_by_id, Holder.id.in_(carers()))
    return (
        found.outerjoin(first, first.c.content_id == Content.id)
        .outerjoin(Attention, Attention.content_id == Content.id)
        .outerjoin(Holder, held)
    )


def queue(reader: User, view: View) -> tuple[Rows, Order]:
    """Select a part of the queue as `reader` may see it, with its order."""
    first = first_waiting(reader)
    return rows(reader, first).where(holds(view, first, reader)), oldest_first(view, first)


def lately_placed() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Hold together for the replies of the past days: in pieces in which something happened since."""
    start = now() - RISING
    alive = select(Content.id).where(Content.last_active_at > start).correlate(None)
    return Comment.content_id.in_(alive), Comment.created_at > start


def rising(reader: User) -> Rows:
    """Select the discussions with the most replies in the past days; `lately` says how many."""
    lately = (
        select(Comment.content_id, func.count().label("lately"))
        .where(*lately_placed(), Comment.hidden_at.is_(None), Comment.withdrawn_at.is_(None))
        .group_by(Comment.content_id)
        .having(func.count() >= RISING_LEAST)
        .subquery("lately")
    )  # fmt: skip
    return (
        rows(reader, first_waiting(reader))
        .join(lately, lately.c.content_id == Content.id)
        .add_columns(lately.c.lately)
        .order_by(lately.c.lately.desc(), Content.last_active_at.desc(), Content.id)
        .limit(RISING_MOST)
    )


def one(reader: User, key: int) -> Rows:
    """Select the row of one piece, as long as there is something to do about it."""
    first = first_waiting(reader)
    open_still = or_(
        unanswered(now()), stalled(), first.c.content_id.is_not(None), Content.id.in_(busy())
    )
    return rows(reader, first).where(Content.id == key, open_still)


def busy() -> Select[int]:
    """Select the ids of the pieces with many replies in the past days."""
    return (
        select(Comment.content_id)
        .where(*lately_placed())
        .group_by(Comment.content_id)
        .having(func.count() >= RISING_LEAST)
    )


def number_in(reader: User, view: View, first: CTE) -> ScalarSelect[int]:
    """Count a part of the queue, as far as that says something, for a statement that counts more."""
    found = (
        select(Content.id)
        .join(detail, detail.c.id == Content.id)
        .where(visible_to(reader), may_be_answered(), holds(view, first, reader))
        .limit(MOST + 1)
        .subquery()
    )
    return select(func.count()).select_from(found).scalar_subquery()


def asked_about(keys: list[int]) -> Rows:
    """Select who was asked to look at these pieces, the first one first."""
    return (
        select(Nudge.content_id, Nudge.created_at, User.id, User.name, User.handle)
        .join(User, User.id == Nudge.person_id)
        .where(Nudge.content_id.in_(keys))
        .order_by(Nudge.created_at, User.id)
    )


# For the clock, which sees all -----------------------------------------------------------------


def waiting_anywhere() -> Rows:
    """Select all pieces that wait, whoever may see them: with `since` and what is done about them."""
    first = first_waiting(ANYONE)
    found = select(Content.id, since(first), Holder.id.label("holder_id"),
                   Attention.claimed_at, Attention.escalated_at).select_from(Content)  # fmt: skip
    joined = joins(found.join(detail, detail.c.id == Content.id), first)
    waits = or_(unanswered(now()), stalled(), first.c.content_id.is_not(None))
    return joined.where(may_be_answered(), waits)
