"""Which wiki pages still hold: the register of all of them, their reviews, and open doubts."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    ScalarSelect,
    Select,
    and_,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased, joinedload

from app.lib.clock import local, now
from app.models import Doubt, Review, Standing, Status, Theme, User, WikiPage
from app.policy import pages_kept_by, visible_to
from app.queries.listing import Line, Rows
from app.queries.wikis import IN_TREE, LARGEST, are_pages, pages

PAGE = 50
NEVER = date(9999, 12, 31)
"""Sorts pages without a day after all others."""
Owner, Reviewer, Adopter = aliased(User), aliased(User), aliased(User)


class Matter(StrEnum):
    """What someone looks for in the register."""

    OVERDUE = "overdue"
    CONCEPT = "concept"
    OFFERED = "offered"
    IN_FORCE = "in_force"
    EXPIRED = "expired"
    NO_OWNER = "no_owner"
    DOUBTED = "doubted"


@dataclass(frozen=True)
class Wanted:
    """Which rows of the register someone asks for."""

    theme_id: int | None = None
    matter: Matter | None = None
    mine: bool = False


def today() -> date:
    """Return which day it is on a Dutch clock."""
    return local(now()).date()


def in_force() -> ColumnElement[bool]:
    """Hold for the pages that members go by."""
    return and_(
        WikiPage.standing == Standing.IN_FORCE,
        WikiPage.status == Status.PUBLISHED,
        WikiPage.hidden_at.is_(None),
    )


def due_before(day: date) -> Select[WikiPage]:
    """Select the pages in force that someone must look at on `day` or earlier."""
    return select(WikiPage).where(in_force(), WikiPage.review_on <= day)


def overdue() -> ColumnElement[bool]:
    """Hold for the pages in force at which someone should have looked before today."""
    return and_(in_force(), WikiPage.review_on <= today())


def without_owner() -> ColumnElement[bool]:
    """Hold for the pages that nobody keeps, or someone whose account is closed."""
    gone = exists().where(User.id == WikiPage.owner_id, User.deactivated_at.is_not(None))
    return or_(WikiPage.owner_id.is_(None), gone)


def doubted() -> ColumnElement[bool]:
    """Hold for the pages with a doubt that nobody answered."""
    return WikiPage.id.in_(select(Doubt.page_id).where(Doubt.settled_at.is_(None)))


def offered_to(user: User) -> ColumnElement[bool]:
    """Hold for the pages that are offered, by another than `user`."""
    offerer_id = func.coalesce(WikiPage.offered_by_id, WikiPage.edited_by_id, WikiPage.author_id)
    offered = select(pages.c.id).where(pages.c.standing == Standing.OFFERED)
    return and_(WikiPage.id.in_(offered), offerer_id != user.id)


def open_doubts(page_id: Any) -> ScalarSelect[int]:
    """Count the doubts about a page that nobody answered; `page_id`: a number or a column."""
    found = select(func.count(Doubt.id)).where(Doubt.page_id == page_id, Doubt.settled_at.is_(None))
    return found.scalar_subquery()


def matching(matter: Matter) -> ColumnElement[bool]:
    """Return the condition of a matter."""
    if matter is Matter.OVERDUE:
        return overdue()
    if matter is Matter.NO_OWNER:
        return without_owner()
    if matter is Matter.DOUBTED:
        return doubted()
    return WikiPage.standing == Standing(matter.value)


def register(user: User, wanted: Wanted) -> Rows:
    """Select all pages that `user` can see, as rows of the register; what is due first."""
    found = (
        select(
            WikiPage.id, WikiPage.title, WikiPage.slug, WikiPage.standing, WikiPage.status,
            WikiPage.hidden_at, WikiPage.version, WikiPage.review_on, WikiPage.reviewed_at,
            WikiPage.adopted_at, func.coalesce(WikiPage.edited_at, WikiPage.created_at).label("changed_at"),
            Theme.name.label("theme_name"), Theme.slug.label("theme_slug"),
            Owner.name.label("owner_name"), Owner.id.label("owner_id"), Owner.handle.label("owner_slug"),
            Reviewer.name.label("reviewer_name"), Adopter.name.label("adopter_name"),
            open_doubts(WikiPage.id).label("doubts"),
        )
        .outerjoin(Theme, Theme.id == WikiPage.theme_id)
        .outerjoin(Owner, Owner.id == WikiPage.owner_id)
        .outerjoin(Reviewer, Reviewer.id == WikiPage.reviewed_by_id)
        .outerjoin(Adopter, Adopter.id == WikiPage.adopted_by_id)
        .where(are_pages(), visible_to(user), WikiPage.status.in_(IN_TREE))
        .order_by(due(), WikiPage.id)
    )  # fmt: skip
    if wanted.theme_id is not None:
        found = found.where(WikiPage.theme_id == wanted.theme_id)
    if wanted.matter is not None:
        found = found.where(matching(wanted.matter))
    return found.where(pages_kept_by(user)) if wanted.mine else found


def due() -> ColumnElement[date]:
    """Return by what the register is sorted: only what is in force waits for a review."""
    return func.coalesce(WikiPage.review_on, literal(NEVER, Date))


def after(day: date, page_id: int) -> ColumnElement[bool]:
    """Hold for the rows of the register after this one."""
    return tuple_(due(), WikiPage.id) > tuple_(literal(day, Date), literal(page_id))


def is_overdue(row: Line | WikiPage) -> bool:
    """Tell whether a page, or that of a row, should have been looked at: the twin of `overdue`."""
    return (
        row.standing is Standing.IN_FORCE
        and row.status is Status.PUBLISHED
        and row.hidden_at is None
        and row.review_on is not None
        and row.review_on <= today()
    )


def reviews_of(page: WikiPage, before: int | None = None) -> Select[Review]:
    """Select the reviews of a page, newest first, and one more than a page shows."""
    found = (
        select(Review)
        .where(Review.page_id == page.id)
        .options(joinedload(Review.reviewer))
        .order_by(Review.id.desc())
        .limit(PAGE + 1)
    )
    return found.where(Review.id < before) if before and before < LARGEST else found


def doubts_of(page: WikiPage) -> Select[Doubt]:
    """Select the doubts about a page that nobody answered, oldest first."""
    return (
        select(Doubt)
        .where(Doubt.page_id == page.id, Doubt.settled_at.is_(None))
        .options(joinedload(Doubt.doubter))
        .order_by(Doubt.id)
        .limit(PAGE)
    )


def one_doubt(page: WikiPage, key: int) -> Select[Doubt]:
    """Select one doubt about a page, settled or not."""
    found = select(Doubt).where(Doubt.id == key, Doubt.page_id == page.id)
    return found.options(joinedload(Doubt.page), joinedload(Doubt.doubter))
