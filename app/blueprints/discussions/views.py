"""Reading discussions: the lists and the page of one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, bindparam

from app import drafting
from app.access import requires, with_reading
from app.blueprints.discussions.room import bp
from app.drafting import Sheet
from app.extensions import db, reader
from app.forms import CommentForm, tidy_line
from app.lib import htmx
from app.lib.keyset import BadCursorError
from app.list_parts import lines_of
from app.models import Content, Discussion, Draft, Theme
from app.policy import Ability, visible_to
from app.queries import discussions as queries
from app.queries.comments import page_of_comments, quotation
from app.queries.content import detail
from app.queries.listing import (
    BY_ACTIVITY,
    BY_WAITING,
    Cut,
    Line,
    Order,
    Page,
    Rows,
    has_tag,
    not_pinned,
    page_of,
    pinned,
    read,
)
from app.queries.prepared import Asked as AskedRows
from app.queries.prepared import prepared
from app.queries.reading import Reading, read_piece
from app.queries.themes import themes_in_use
from app.services import tags
from app.services.views import saw
from app.site import site

MOST_PINNED = 10
BY_PINNED = Order(Content.pinned_until, "pinned_until")
Place = Callable[[], ColumnElement[bool]]
"""On top of a list, or not."""
VIEWS = {
    "": (queries.discussions, BY_ACTIVITY),
    "unanswered": (queries.unanswered, BY_WAITING),
    "mine": (queries.mine, BY_ACTIVITY),
    "followed": (queries.followed, BY_ACTIVITY),
}


@dataclass(frozen=True)
class Asked:
    """Which list someone asked for: its view, theme and keyword, and where it goes on."""

    view: str
    theme: Theme | None
    keyword: str
    after: str | None
    before: str | None

    @property
    def is_start(self) -> bool:
        """Tell whether this is the first page."""
        return not (self.after or self.before)

    @property
    def shows_pinned(self) -> bool:
        """Tell whether pieces can stand on top of this list: of the newest activity only."""
        return not self.view

    @property
    def slug(self) -> str:
        """Return the slug of the theme; nothing without one."""
        return self.theme.slug if self.theme else ""

    def parameters(self) -> dict[str, Any]:
        """Return the parameters of the address of this list, without empty ones."""
        found = {"view": self.view, "theme": self.slug, "keyword": self.keyword}
        return {name: value for name, value in found.items() if value}

    def query(self, place: Place | None = None) -> AskedRows:
        """Select the rows of the list, all pages together; with a `place`: those that stand there."""
        start = queries.among if self.keyword and not self.view else VIEWS[self.view][0]
        theme_id = self.theme.id if self.theme else None
        slug = tags.slug_of(self.keyword) if self.keyword else None
        values = {"theme": theme_id, "slug": slug}
        named = {name: value for name, value in values.items() if value is not None}
        return prepared(chosen, reader(), start, place, *named, **named)


def chosen(user: Any, start: Callable[[Any], Rows], place: Place | None, *named: str) -> Rows:
    """Select the rows of a list, of the `theme` and with the keyword `slug` where these are named."""
    query = start(user)
    if "theme" in named:
        query = query.where(Content.theme_id == bindparam("theme"))
    if "slug" in named:
        query = query.where(has_tag(bindparam("slug", type_=Content.slug.type)))
    return query.where(place()) if place else query


@bp.get("/discussions")
@requires(Ability.READ)
def index() -> ResponseReturnValue:
    """Show a list: newest activity, unanswered, mine or followed, by theme and keyword."""
    all_themes = themes_in_use()
    asked = read_address(all_themes)
    page = page_asked(asked)
    if asked.before and page.before is None:
        return redirect(url_for(".index", **asked.parameters()))
    name = "discussions/index.htmx.html" if htmx.is_htmx(request) else "discussions/index.html"
    return render_template(name, asked=asked, themes=all_themes, part=part(asked, page))


def part(asked: Asked, page: Page) -> dict[str, Any]:
    """Return all that the list itself depends on."""
    overdue = queries.overdue_since() if asked.view == "unanswered" else None
    return {
        "view": asked.view, "here": tuple(asked.parameters().items()),
        "narrowed": bool(asked.theme or asked.keyword),
        "lines": lines_of(page.rows, overdue, on_top(asked)),
        "before": page.before, "after": page.after, "days": site().unanswered_days,
    }  # fmt: skip


def read_address(all_themes: Sequence[Theme]) -> Asked:
    """Read from the address which list is asked for; 404 for a view or theme that there is not."""
    view, slug = request.args.get("view", ""), request.args.get("theme", "")
    theme = next((theme for theme in all_themes if theme.slug == slug), None)
    if view not in VIEWS or (slug and theme is None):
        abort(404)
    return Asked(
        view=view,
        theme=theme,
        keyword=tidy_line(request.args.get("keyword")),
        after=request.args.get("after"),
        before=request.args.get("before"),
    )


def page_asked(asked: Asked) -> Page:
    """Return one page of the list, without what stands on top of it; 404 for a broken cursor."""
    query = asked.query(not_pinned if asked.shows_pinned else None)
    try:
        return page_of(query, VIEWS[asked.view][1], asked.after, asked.before)
    except BadCursorError:
        abort(404)


def on_top(asked: Asked) -> Sequence[Line]:
    """Return what stands on top of the first page."""
    if not (asked.shows_pinned and asked.is_start):
        return []
    return read(
        asked.query(pinned), Cut(BY_PINNED, backwards=False, goes_on=False, most=MOST_PINNED), {}
    )


@bp.get("/discussions/<ref:ref>")
@with_reading(lambda reader, key: read_piece(Discussion, reader, key, drafting.asked()))
def show(reading: Reading) -> ResponseReturnValue:
    """Show a discussion with a page of its replies, and count the reader; or where it went."""
    discussion = reading.content
    if discussion.merged_into_id is not None:
        into = detail(Content, discussion.merged_into_id).where(visible_to(reader()))
        return render_template(
            "discussions/merged.html", content=discussion, into=db.session.scalar(into)
        )
    number = request.args.get("page", 1, type=int)
    saw(reader(), discussion)
    form, sheet = reply_form(discussion, reading.reactions.draft)
    talk = page_of_comments(discussion, number, reader())
    return render_template(
        "discussions/show.html",
        content=discussion,
        reading=reading,
        documents=talk.documents,
        talk=talk,
        reactions=reading.reactions,
        reply_form=form,
        sheet=sheet,
    )


def reply_form(discussion: Discussion, draft: Draft | None) -> tuple[CommentForm | None, Sheet]:
    """Return the form with the reply that the reader was writing, and what they quote below it.

    None when it begins empty.
    """
    place = f"discussions:{discussion.id}:comment"
    quoted = quotation(discussion, request.args.get("quote", type=int))
    if draft is None and not quoted:
        return None, drafting.fresh(place)
    form = CommentForm(formdata=None)
    sheet = drafting.opened(place, form, draft)
    if quoted:
        written = (form.body.data or "").rstrip()
        form.body.data = f"{written}\n\n{quoted}" if written else quoted
    return form, sheet
