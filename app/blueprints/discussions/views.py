"""Reading discussions: the lists and the page of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import drafting
from app.access import requires, with_content
from app.blueprints.discussions.room import bp
from app.drafting import Sheet
from app.extensions import db
from app.forms import CommentForm, tidy_line
from app.lib import htmx
from app.lib.keyset import BadCursorError
from app.models import Content, Discussion, Draft, Theme
from app.policy import Ability, visible_to
from app.queries import discussions as queries
from app.queries.comments import page_of_comments, quotation
from app.queries.content import detail
from app.queries.listing import (
    BY_ACTIVITY,
    BY_WAITING,
    Line,
    Page,
    Rows,
    has_tag,
    not_pinned,
    page_of,
    pinned,
)
from app.queries.reactions import reactions_of
from app.queries.themes import themes
from app.services import tags
from app.services.views import saw

MOST_PINNED = 10
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

    def parameters(self, **changes: str) -> dict[str, Any]:
        """Return the parameters of the address of this list, without empty ones."""
        slug = self.theme.slug if self.theme else ""
        found = {"view": self.view, "theme": slug, "keyword": self.keyword, **changes}
        return {name: value for name, value in found.items() if value}

    def query(self) -> Rows:
        """Select the rows of the list, all pages together."""
        start = queries.among if self.keyword and not self.view else VIEWS[self.view][0]
        query = start(current_user)
        if self.theme:
            query = query.where(Content.theme_id == self.theme.id)
        return query.where(has_tag(tags.slug_of(self.keyword))) if self.keyword else query


@bp.get("/discussions")
@requires(Ability.READ)
def index() -> ResponseReturnValue:
    """Show a list: newest activity, unanswered, mine or followed, by theme and keyword."""
    all_themes = db.session.scalars(themes()).all()
    asked = read_address(all_themes)
    page = page_asked(asked)
    if asked.before and page.before is None:
        return redirect(url_for(".index", **asked.parameters()))
    name = "discussions/index.htmx.html" if htmx.is_htmx(request) else "discussions/index.html"
    return render_template(
        name, asked=asked, page=page, pinned=on_top(asked), themes=all_themes,
        overdue=queries.overdue_since(),
    )  # fmt: skip


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
    query = asked.query()
    if asked.shows_pinned:
        query = query.where(not_pinned())
    try:
        return page_of(query, VIEWS[asked.view][1], asked.after, asked.before)
    except BadCursorError:
        abort(404)


def on_top(asked: Asked) -> Sequence[Line]:
    """Return what stands on top of the first page."""
    if not (asked.shows_pinned and asked.is_start):
        return []
    longest_first = asked.query().where(pinned()).order_by(Content.pinned_until.desc())
    return db.session.execute(longest_first.limit(MOST_PINNED)).all()


@bp.get("/discussions/<ref:ref>")
@with_content(Discussion, Ability.READ)
def show(discussion: Discussion) -> ResponseReturnValue:
    """Show a discussion with a page of its replies, and count the reader; or where it went."""
    if discussion.merged_into_id is not None:
        into = detail(Content, discussion.merged_into_id).where(visible_to(current_user))
        return render_template(
            "discussions/merged.html", content=discussion, into=db.session.scalar(into)
        )
    number = request.args.get("page", 1, type=int)
    saw(current_user, discussion)
    reactions = reactions_of(current_user, discussion, drafting.asked())
    form, sheet = reply_form(discussion, reactions.draft)
    talk = page_of_comments(discussion, number, current_user)
    return render_template(
        "discussions/show.html",
        content=discussion,
        documents=talk.documents,
        talk=talk,
        reactions=reactions,
        reply_form=form,
        sheet=sheet,
    )


def reply_form(discussion: Discussion, draft: Draft | None) -> tuple[CommentForm, Sheet]:
    """Return the form with the reply that the reader was writing, and what they quote below it."""
    form = CommentForm(formdata=None)
    sheet = drafting.opened(f"discussions:{discussion.id}:comment", form, draft)
    quoted = quotation(discussion, request.args.get("quote", type=int))
    if quoted:
        written = (form.body.data or "").rstrip()
        form.body.data = f"{written}\n\n{quoted}" if written else quoted
    return form, sheet
