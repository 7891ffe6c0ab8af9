"""Whether wiki pages still hold: confirmed by who keeps them, and reminded of by mail."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import contains_eager, joinedload

from app.extensions import db
from app.lib.clock import local, now
from app.models import Notification, Review, Theme, User, WikiPage
from app.queries.reviews import due_before
from app.queries.wikis import specialists
from app.services import activity, links, outbox
from app.services.activity import Verb
from app.services.standings import default_review, plan_review, today

AHEAD = timedelta(days=14)
AGAIN = timedelta(days=7)


class Outdated(Exception):
    """The page has another version by now than the one that was looked at."""


def confirm(page: WikiPage, reviewer: User, version: int, next_on: date | None = None) -> None:
    """Note that a version still holds, and until when: as its theme says unless told otherwise.

    Twice on one day by the same person is once. Raises Outdated; `page.theme` is needed.
    """
    db.session.execute(select(Theme.id).where(Theme.id == page.theme_id).with_for_update())
    db.session.refresh(page, ["version", "reviewed_at", "reviewed_by_id"])
    if page.version != version:
        raise Outdated
    next_on = next_on or default_review(page.theme)
    if not confirmed_today(page, reviewer) or next_on != page.review_on:
        db.session.add(
            Review(page_id=page.id, version=version, reviewer_id=reviewer.id, next_on=next_on)
        )
    page.reviewed_at, page.reviewed_by = now(), reviewer
    plan_review(page, next_on)
    page.reminded_at = None


def confirmed_today(page: WikiPage, reviewer: User) -> bool:
    """Tell whether the last review of the present version is of today, by the same person."""
    found = select(Review).where(Review.page_id == page.id).order_by(Review.id.desc()).limit(1)
    last = db.session.scalar(found)
    return (
        last is not None
        and (last.version, last.reviewer_id) == (page.version, reviewer.id)
        and local(last.reviewed_at).date() == today()
    )


def keepers(page: WikiPage, but: User | None = None) -> list[User]:
    """Return who hears of a page: its owner, else the specialists of its theme; never `but`.

    An owner whose account is closed hears nothing any more. `page.owner` is needed.
    """
    without = but.id if but else None
    if page.owner is not None and page.owner.is_active and page.owner.id != without:
        return [page.owner]
    known = specialists(page.theme_id or 0)
    return [each for each in db.session.scalars(known) if each.id != without]


# The clock ------------------------------------------------------------------------------------


def remind() -> int:
    """Tell keepers which pages must be looked at: once ahead, weekly when late. Return how many.

    All is one transaction; a second time on the same day does nothing.
    """
    moment = now()
    found = db.session.scalars(
        due_before(today() + AHEAD)
        .join(WikiPage.theme)
        .options(contains_eager(WikiPage.theme), joinedload(WikiPage.owner))
        .order_by(WikiPage.review_on, WikiPage.id)
    ).unique().all()  # fmt: skip
    pages = [page for page in found if is_time(page, moment)]
    forget_unread(pages)
    mails: defaultdict[User, list[WikiPage]] = defaultdict(list)
    for page in pages:
        verb = Verb.REVIEW_OVERDUE if is_late(page) else Verb.REVIEW_DUE
        for person in keepers(page):
            activity.notify(person.id, verb, page, None)
            mails[person].append(page)
        page.reminded_at = moment
    for person, theirs in mails.items():
        late = [page for page in theirs if is_late(page)]
        soon = [page for page in theirs if not is_late(page)]
        outbox.post(person, "reviews_due", late=late, soon=soon, path_of=path_of)
    db.session.commit()
    return len(pages)


def path_of(page: WikiPage) -> str:
    """Return the path of a page, also outside a request."""
    return links.address("wikis.show", ref=page)


def is_late(page: WikiPage) -> bool:
    """Tell whether the day before which someone would look has come."""
    return page.review_on is not None and page.review_on <= today()


def is_time(page: WikiPage, moment: datetime) -> bool:
    """Tell whether the keepers of a page that is due hear of it now."""
    told = page.reminded_at
    if told is None or page.review_on is None:
        return True
    on = local(told).date()
    if not is_late(page) or on == local(moment).date():
        return False
    return on < page.review_on or moment - told >= AGAIN - timedelta(hours=1)


def forget_unread(pages: Sequence[WikiPage]) -> None:
    """Take away older reminders that nobody read: the new one says it."""
    verbs = (Verb.REVIEW_DUE.value, Verb.REVIEW_OVERDUE.value)
    db.session.execute(
        delete(Notification)
        .where(
            Notification.content_id.in_([page.id for page in pages]),
            Notification.verb.in_(verbs),
            Notification.read_at.is_(None),
        )
        .execution_options(synchronize_session=False)
    )
