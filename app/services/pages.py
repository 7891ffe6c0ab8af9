"""Standing pages are changed here: every change is a version, and the house rules are agreed anew."""

from datetime import UTC, date, datetime, time

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.lib.clock import local, now
from app.models import Page, PageVersion, User
from app.queries import pages
from app.queries.page_texts import html_of, shipped
from app.queries.pages import RULES, PageText
from app.services import activity, search_index, settings, text
from app.services.activity import Verb
from app.services.pictures import Pictures

NOTE_LENGTH = 250


class Conflict(Exception):
    """Someone saved this page after it was opened; `latest` is its text as it stands now."""

    def __init__(self, latest: PageText) -> None:
        super().__init__(f"{latest.name} has version {latest.number} by now")
        self.latest = latest


def edit(
    name: str,
    title: str,
    body: str,
    actor: User,
    *,
    note: str = "",
    minor: bool = False,
    edited: int | None = None,
) -> PageVersion:
    """Give a page a new text, that holds from today; `edited` is the version that was opened.

    House rules that are not `minor` have to be accepted again by every member. Raises Conflict when
    there is a newer version than `edited`, KeyError for a page that there is not, and
    app.lib.markdown.MarkdownRefused. The same text sent twice by the same person is one version.
    """
    html = rendered(name, body)
    page = opened(name)
    pictures = Pictures(page, actor)
    if edited is not None and edited != page.version:
        return sent_before(page, title, body, actor)
    page.version += 1
    made = PageVersion(
        page=page, number=page.version, title=title, body=body, body_html=html,
        note=note[:NOTE_LENGTH], minor=minor and name == RULES, in_force=today(), author_id=actor.id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    made.body_html = html_of(name, body, text.labels(), pictures)
    pictures.keep(made.body_html)
    search_index.index(pages.current(name))
    result = _("Version %(number)d", number=made.number)
    activity.log(Verb.PAGE_EDITED, made, actor, reason=note, result=result)
    if name == RULES and not minor:
        settings.change({"rules_version": made.number}, actor)
    return made


def rendered(name: str, body: str) -> str:
    """Return a text as the page shows it; raises app.lib.markdown.MarkdownRefused."""
    return html_of(name, body, text.labels())


def render_again(key: int) -> None:
    """Render all versions of a page without an image that was removed."""
    found = select(PageVersion).where(PageVersion.page_id == key).order_by(PageVersion.number)
    for version in db.session.scalars(found.options(joinedload(PageVersion.page))):
        page = version.page
        version.body_html = html_of(page.name, version.body, text.labels(), Pictures(page))


def opened(name: str) -> Page:
    """Return the page, held until this transaction ends; its first change keeps what ships too."""
    found = select(Page).where(Page.name == name).with_for_update()
    page = db.session.scalar(found.execution_options(populate_existing=True))
    if page is not None:
        return page
    first = shipped(name)
    page = Page(name=name, version=first.number)
    kept = PageVersion(
        page=page, number=first.number, title=first.title, body=first.body, body_html=first.html,
        in_force=first.in_force, created_at=datetime.combine(first.in_force, time(), UTC),
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add_all([page, kept])
    except IntegrityError:
        raise Conflict(pages.current(name)) from None
    return page


def sent_before(page: Page, title: str, body: str, actor: User) -> PageVersion:
    """Return the newest version when it is this text by this person; else it is a conflict."""
    latest = db.session.get_one(PageVersion, (page.id, page.version))
    if (latest.title, latest.body, latest.author_id) != (title, body, actor.id):
        raise Conflict(pages.current(page.name))
    return latest


def today() -> date:
    """Return the date on a Dutch clock."""
    return local(now()).date()
