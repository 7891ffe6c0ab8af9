"""Standing pages: the text that holds now, and those before it."""

from contextlib import suppress
from dataclasses import replace
from datetime import date

from flask_babel import force_locale, format_date
from flask_babel import gettext as _
from sqlalchemy import Select, func, select

from app.extensions import db
from app.lib.placeholders import fill
from app.models import Page, PageVersion, User
from app.queries.page_texts import NAMES, RULES, PageText, shipped
from app.site import site

__all__ = ["NAMES", "RULES", "PageText", "current", "members", "version", "versions", "with_values"]

VERSIONS_A_PAGE = 50
# The largest whole number of a column: beyond it a number in an address is none of ours.
LARGEST = 2**31 - 1


def current(name: str) -> PageText:
    """Return the text that holds now: the newest version, or the one that ships with Kring.

    Raises KeyError for a page that there is not.
    """
    first = shipped(name)
    row = db.session.execute(texts(name).where(PageVersion.number == Page.version)).one_or_none()
    return text_of(name, *row) if row else filled(first)


def version(name: str, number: int) -> PageText | None:
    """Return one version; None when there is none of that number. Raises as `current` does."""
    first = shipped(name)
    row = db.session.execute(texts(name).where(PageVersion.number == number)).one_or_none()
    if row is None:
        return filled(first) if number == first.number else None
    return text_of(name, *row)


def versions(name: str, before: int | None = None) -> list[PageText]:
    """Return the versions, newest first, one more than fit on a page. Raises as `current` does."""
    first = shipped(name)
    newest = texts(name).order_by(PageVersion.number.desc()).limit(VERSIONS_A_PAGE + 1)
    if before is not None:
        newest = newest.where(PageVersion.number < max(0, min(before, LARGEST)))
    rows = db.session.execute(newest).all()
    return [text_of(name, *row) for row in rows] or ([filled(first)] if before is None else [])


def texts(name: str) -> Select[PageVersion, str | None]:
    """Select the versions of a page with the names of who wrote them."""
    return (
        select(PageVersion, User.name)
        .join(Page, Page.id == PageVersion.page_id)
        .outerjoin(User, User.id == PageVersion.author_id)
        .where(Page.name == name)
    )


def text_of(name: str, kept: PageVersion, author: str | None) -> PageText:
    """Return a version as readers get it; the one that ships was written by nobody here."""
    text = PageText(
        name=name, title=kept.title, body=kept.body, html=kept.body_html, number=kept.number,
        in_force=kept.in_force, edited_at=kept.created_at if author else None, author=author,
        note=kept.note, minor=kept.minor,
    )  # fmt: skip
    return filled(text)


def filled(text: PageText) -> PageText:
    """Return a text of which the HTML says what this community set."""
    return replace(text, html=with_values(text.html))


def with_values(html: str) -> str:
    """Return rendered HTML with what stands between braces filled in, such as `{community}`."""
    with force_locale(site().locale):
        municipality = site().municipality or _("your municipality")
        review = review_day()
        day_of_review = format_date(review, "d MMMM y") if review else _("not chosen yet")
    values = {
        "community": site().name,
        "gemeente": municipality,
        "dagen-mail": str(site().keep_mail_days),
        "dagen-meldingen": str(site().keep_notifications_days),
        "dagen-pogingen": str(site().keep_attempts_days),
        "dagen-bezwaar": str(site().appeal_days),
        "uren-melding": str(site().case_hours),
        "eerste-teksten": str(site().premoderated_posts),
        "dag-evaluatie": day_of_review,
    }
    return fill(html, values)


def review_day() -> date | None:
    """Return the day on which the community looks again at how it moderates."""
    with suppress(ValueError):
        return date.fromisoformat(site().moderation_review_on)
    return None


def members() -> int:
    """Return how many people have an account that is in use."""
    found = select(func.count()).select_from(User).where(User.deactivated_at.is_(None))
    return db.session.scalar(found) or 0
