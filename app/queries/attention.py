"""What waits for someone who keeps the community going, counted in one statement."""

from collections.abc import Set as AbstractSet
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import ScalarSelect, func, literal, select, union_all

from app.extensions import db
from app.lib.clock import local, now
from app.models import (
    Appeal,
    Case,
    Content,
    Group,
    Invitation,
    OutgoingMail,
    User,
    WikiPage,
)
from app.policy import (
    Ability,
    groups_are_off,
    guarded_by,
    keeps_pages,
    pages_kept_by,
    visible_to,
)
from app.policy import held as held_by
from app.queries import entry, held
from app.queries.cases import late, waiting
from app.queries.decisions import waiting as waiting_appeals
from app.queries.desk import detail, may_be_answered, unanswered
from app.queries.discussions import overdue_since
from app.queries.groups import is_silent
from app.queries.help import late_help_count, open_help_count
from app.queries.listing import Rows
from app.queries.newcomers import unanswered_first_posts
from app.queries.pages import review_day
from app.queries.proposals import to_decide_count
from app.queries.reviews import doubted, offered_to
from app.queries.reviews import overdue as overdue_pages
from app.queries.wikis import IN_TREE

MOST = 99
"""Nobody needs to know how many more there are, and counting them takes time."""
RECENTLY = timedelta(days=14)


class Matter(StrEnum):
    """What can wait for someone, in the order in which it is told."""

    REPORTS = "reports"
    REPORTS_LATE = "reports_late"
    APPEALS = "appeals"
    HELD = "held"
    HELP_LATE = "help_late"
    HELP = "help"
    REQUESTS = "requests"
    OVERDUE = "overdue"
    PAGES_LATE = "pages_late"
    PAGES_OFFERED = "pages_offered"
    PAGES_DOUBTED = "pages_doubted"
    NEWCOMERS = "newcomers"
    PROPOSALS = "proposals"
    GROUPS = "groups"
    NOT_INVITED = "not_invited"
    EXPIRED = "expired"
    MAIL = "mail"
    REVIEW = "review"
    """The day has come to look again at how we moderate."""
    PEOPLE = "people"
    """No errand: who are in or were invited, so that a new community knows that it has begun."""


ASKED = frozenset(
    {
        Ability.HANDLE_REPORTS, Ability.DECIDE_APPEAL, Ability.RUN_CRISIS, Ability.ANSWER_HELP,
        Ability.SEE_NEWCOMERS, Ability.WRITE_WIKI, Ability.INVITE, Ability.CHANGE_SETTINGS, Ability.MAKE_GROUP,
    }
)  # fmt: skip
"""What decides which matters are someone's."""


def attention(user: User) -> dict[Matter, int]:
    """Count what waits for `user`, of each matter that is theirs; nothing for who keeps nothing."""
    counts = counts_for(user)
    if not counts:
        return {}
    row = db.session.execute(select(*(counts[matter].label(matter) for matter in counts))).one()
    return dict(zip(counts, row, strict=True))


def counts_for(user: User) -> dict[Matter, ScalarSelect[int]]:
    """Return what to count for `user`, by what they may do."""
    rights = held_by(user, ASKED)
    counts = moderation(user, rights)
    if Ability.ANSWER_HELP in rights:
        counts[Matter.HELP_LATE] = late_help_count(user)
        counts[Matter.HELP] = open_help_count(user)
    if Ability.SEE_NEWCOMERS in rights:
        counts[Matter.NEWCOMERS] = number_of(unanswered_first_posts(user))
    if Ability.WRITE_WIKI in rights:
        counts[Matter.PROPOSALS] = to_decide_count(user)
    if Ability.INVITE in rights:
        counts[Matter.REQUESTS] = entry.open_requests_count().scalar_subquery()
        counts[Matter.NOT_INVITED] = number_of(entry.not_yet_invited().with_only_columns(User.id))
        counts[Matter.EXPIRED] = number_of(
            select(Invitation.id).where(entry.in_state(entry.State.EXPIRED))
        )
    counts |= pages_to_keep(user) | groups_to_ask_about(rights)
    if Ability.CHANGE_SETTINGS in rights:
        failed = OutgoingMail.failed_at > now() - RECENTLY
        counts[Matter.MAIL] = number_of(select(OutgoingMail.id).where(failed))
        people = union_all(select(User.id), select(Invitation.id)).subquery()
        counts[Matter.PEOPLE] = number_of(select(people))
    return {matter: counts[matter] for matter in Matter if matter in counts}


def moderation(user: User, rights: AbstractSet[Ability]) -> dict[Matter, ScalarSelect[int]]:
    """Return what to count of what moderators and the manager look after."""
    counts: dict[Matter, ScalarSelect[int]] = {}
    if Ability.HANDLE_REPORTS in rights:
        counts[Matter.REPORTS] = number_of(waiting(user).with_only_columns(Case.id))
        counts[Matter.REPORTS_LATE] = number_of(
            waiting(user).where(late()).with_only_columns(Case.id)
        )
        counts[Matter.HELD] = number_of(held.keys(user))
        counts[Matter.OVERDUE] = number_of(overdue(user))
    if Ability.DECIDE_APPEAL in rights:
        counts[Matter.APPEALS] = number_of(waiting_appeals(user).with_only_columns(Appeal.id))
    if Ability.RUN_CRISIS in rights and review_is_due():
        counts[Matter.REVIEW] = select(literal(1)).scalar_subquery()
    return counts


def review_is_due() -> bool:
    """Tell whether the day has come to look again at how we moderate."""
    day = review_day()
    return day is not None and day <= local(now()).date()


def pages_to_keep(user: User) -> dict[Matter, ScalarSelect[int]]:
    """Return what to count of the wiki pages that `user` keeps as a specialist or as manager."""
    if not keeps_pages(user):
        return {}
    conditions = {
        Matter.PAGES_LATE: overdue_pages(),
        Matter.PAGES_OFFERED: offered_to(user),
        Matter.PAGES_DOUBTED: doubted(),
    }
    mine = select(WikiPage.id).where(
        visible_to(user), pages_kept_by(user), WikiPage.status.in_(IN_TREE)
    )
    return {matter: number_of(mine.where(holds)) for matter, holds in conditions.items()}


def groups_to_ask_about(rights: AbstractSet[Ability]) -> dict[Matter, ScalarSelect[int]]:
    """Return how to count the groups that may not live any more, of all kinds, for the manager."""
    if Ability.MAKE_GROUP not in rights or groups_are_off():
        return {}
    return {Matter.GROUPS: number_of(select(Group.id).where(is_silent()))}


def number_of(found: Rows) -> ScalarSelect[int]:
    """Count rows, as far as that says something."""
    some = found.limit(MOST + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def overdue(user: User) -> Rows:
    """Select the discussions that `user` keeps an eye on and that wait too long for an answer."""
    found = select(Content.id).join(detail, detail.c.id == Content.id)
    return found.where(guarded_by(user), may_be_answered(), unanswered(overdue_since()))
