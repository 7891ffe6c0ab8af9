"""How agreed a wiki page is: offered, adopted, sent back; and what four eyes ask of it.

In a theme with four eyes a new page is seen by the specialists only (status pending) until another
one adopts it. Who may is decided before; these functions keep the page and its readers right.
"""

from datetime import date

from sqlalchemy import select

from app.extensions import db
from app.lib.clock import local, now
from app.lib.months import months_later
from app.models import Standing, Status, Theme, User, WikiPage
from app.queries.wikis import specialists
from app.services import activity, mentions, text
from app.services.activity import Verb

NOT_AGREED = (Standing.CONCEPT, Standing.OFFERED)


class NotNow(Exception):
    """The page is not in the state that this asks for; someone else was first."""


def status_of_new(theme: Theme, standing: Standing) -> Status:
    """Return who sees a new page: where four eyes count, specialists only until it is adopted."""
    return Status.PENDING if theme.four_eyes and standing in NOT_AGREED else Status.PUBLISHED


def choosable(theme: Theme, page: WikiPage | None = None) -> list[Standing]:
    """Return the standings that one specialist can give a page alone, None for a new one."""
    if not theme.four_eyes:
        return list(Standing)
    if page is None or page.status is Status.PENDING:
        return list(NOT_AGREED)
    if page.standing is Standing.IN_FORCE:
        return [Standing.IN_FORCE, Standing.EXPIRED]
    return [*NOT_AGREED, Standing.EXPIRED]


def today() -> date:
    """Return which day it is on a Dutch clock."""
    return local(now()).date()


def needs_colleague(page: WikiPage) -> bool:
    """Tell whether another specialist must take over a change of a page: in force, four eyes."""
    return page.theme is not None and page.theme.four_eyes and page.standing is Standing.IN_FORCE


def default_review(theme: Theme | None) -> date | None:
    """Return the day before which a page that is right today must be looked at again."""
    months = theme.review_months if theme else 0
    return months_later(today(), months) if months else None


def enter(page: WikiPage, standing: Standing, actor: User, *, new: bool = False) -> None:
    """Give a page a standing, with what belongs to getting it; `page.theme` is needed."""
    if page.standing is standing and not new:
        return
    page.standing = standing
    if standing is Standing.OFFERED:
        page.offered_at, page.offered_by_id = now(), actor.id
        tell_specialists(page, actor)
    elif standing is Standing.IN_FORCE:
        first = page.adopted_at is None
        page.adopted_at, page.adopted_by_id = now(), actor.id
        if first and not new:
            activity.tell_theme(page, actor)
        planned = page.review_on and page.review_on > today()
        plan_review(page, page.review_on if planned else default_review(page.theme))


def plan_review(page: WikiPage, day: date | None) -> None:
    """Set by when someone must look at a page again."""
    if day != page.review_on:
        page.review_on, page.reminded_at = day, None


def tell_specialists(page: WikiPage, actor: User) -> None:
    """Tell the other specialists of the theme that a page is offered to them."""
    assert page.theme_id is not None
    for person in db.session.scalars(specialists(page.theme_id)).all():
        activity.notify(person.id, Verb.WIKI_OFFERED, page, actor)


def offer(page: WikiPage, actor: User) -> None:
    """Offer a concept to the other specialists. Raises NotNow for what is no concept."""
    hold(page)
    if page.standing is not Standing.CONCEPT or page.status is Status.ARCHIVED:
        raise NotNow
    enter(page, Standing.OFFERED, actor)


def adopt(page: WikiPage, actor: User, version: int) -> None:
    """Put a page in force that was offered, in the version that `actor` read.

    Raises NotNow when it is not offered any more, or has another version by now.
    """
    hold(page)
    if page.standing is not Standing.OFFERED or page.version != version:
        raise NotNow
    enter(page, Standing.IN_FORCE, actor)
    activity.log(Verb.WIKI_ADOPTED, page, actor)
    tell_makers(page, Verb.WIKI_ADOPTED, actor)
    if show(page):
        found = text.render_content(page)
        mentions.tell(page, page, found.mentions, page.author)
        text.page_changed(page)
        activity.tell_theme(page, actor)


def show(page: WikiPage) -> bool:
    """Let everyone see a page that only specialists saw, once it is agreed.

    Tells whether it came in sight: then links must lead to it, and who it names must hear.
    """
    if page.status is not Status.PENDING or page.standing in NOT_AGREED:
        return False
    page.status, page.published_at = Status.PUBLISHED, now()
    page.last_active_at = page.published_at
    return True


def send_back(page: WikiPage, actor: User, reason: str) -> None:
    """Make a page that was offered a concept again; who offered it hears why. Raises NotNow."""
    hold(page)
    if page.standing is not Standing.OFFERED:
        raise NotNow
    page.standing = Standing.CONCEPT
    tell_makers(page, Verb.WIKI_SENT_BACK, actor, reason)


def tell_makers(page: WikiPage, verb: Verb, actor: User, reason: str = "") -> None:
    """Tell who made a page, and who offered it, what became of that."""
    for person_id in {page.author_id, page.offered_by_id or page.author_id}:
        activity.notify(person_id, verb, page, actor, reason)


def hold(page: WikiPage) -> None:
    """Let two who decide about one page wait for each other, and look at it as it is now."""
    db.session.execute(select(Theme.id).where(Theme.id == page.theme_id).with_for_update())
    db.session.refresh(page, ["standing", "status", "version", "offered_by_id"])
