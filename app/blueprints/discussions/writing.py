"""Writing discussions: start, edit, withdraw, and put back."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from app import drafting
from app.access import requires, with_content
from app.blueprints.discussions.beginning import begun_with
from app.blueprints.discussions.forms import (
    ConfirmForm,
    DiscussionForm,
    EditForm,
    ModeratorEditForm,
    StartForm,
    own_groups,
)
from app.blueprints.discussions.room import bp
from app.extensions import db
from app.forms import refuse_text, tidy_line
from app.lib import diff, htmx
from app.lib.markdown import MarkdownRefused
from app.models import Discussion, User
from app.policy import Ability
from app.queries.templates import offered
from app.queries.themes import themes
from app.services import discussions, text

PREVIEW = "preview"
NEW = "discussions:new"
PREFILLED = {"title", "mention"}
"""What a link can suggest to write, beside which a draft is left alone."""
MOST_PREFILLED = 200


@bp.get("/discussions/new")
@requires(Ability.START_DISCUSSION)
def new() -> ResponseReturnValue:
    """Show the form; what stands in the address is filled in or chosen already."""
    begun = begun_with(current_user)
    form = StartForm(formdata=None, **prefilled() | begun)
    theme, group = request.args.get("theme"), request.args.get("group")
    for found in db.session.scalars(themes()).all() if theme else ():
        if found.slug == theme:
            form.theme_id.data = found.id
    for mine in own_groups():
        if mine.slug == group:
            form.group_id.data = mine.id
            form.body.data = form.body.data or mine.question_text
    return new_page(form, begun=bool(begun or request.args.keys() & PREFILLED))


@bp.post("/discussions/new")
@requires(Ability.START_DISCUSSION)
def create() -> ResponseReturnValue:
    """Start a discussion, or show what its text will look like."""
    form = StartForm()
    if PREVIEW in request.form:
        html = previewed(form)
        return preview_part(form, html) if htmx.is_htmx(request) else new_page(form, html)
    if not form.validate_on_submit():
        return new_page(form), 422
    try:
        made = discussions.start(
            current_user, form.words(), form.group(), form.submission_key.data or ""
        )
    except MarkdownRefused as refusal:
        refuse_text(form.body, refusal)
        return new_page(form), 422
    drafting.sent(NEW)
    if made.held_at is not None:
        flash(_("Your discussion has been sent. A moderator looks at it first."), "info")
    return htmx.see_other(request, url_for(".show", ref=made))


def prefilled() -> dict[str, str]:
    """Return what the address says of a new discussion: title, keywords, what it is, who is asked.

    A link can suggest words; nothing is placed before the member sends the form.
    """
    lines = {name: tidy_line(request.args.get(name)) for name in ("title", "tags")}
    found = {name: text[:MOST_PREFILLED] for name, text in lines.items() if text}
    if handle := tidy_line(request.args.get("mention")):
        found |= mentioned(handle)
    return found | ({"is_question": "0"} if request.args.get("is_question") == "0" else {})


def mentioned(handle: str) -> dict[str, str]:
    """Return a text that begins with someone's name, so that they are told; nothing for nobody."""
    active = User.deactivated_at.is_(None)
    known = db.session.scalar(select(User.handle).where(User.handle == handle, active))
    return {"body": f"@{known} "} if known else {}


def new_page(form: StartForm, preview: str | None = None, *, begun: bool = False) -> str:
    sheet = drafting.sheet(NEW, form, begun=begun)
    return render_template(
        "discussions/new.html", form=form, preview=preview, sheet=sheet,
        texts=offered("discussions"),
    )  # fmt: skip


@bp.get("/discussions/<ref:ref>/edit")
@with_content(Discussion, Ability.EDIT)
def edit(discussion: Discussion) -> ResponseReturnValue:
    """Show the form with the present text."""
    form = form_class(discussion)(
        formdata=None, title=discussion.title, body=discussion.body, version=discussion.version,
        is_question="1" if discussion.is_question else "0", theme_id=discussion.theme_id,
        tags=", ".join(tag.name for tag in discussion.tags),
    )  # fmt: skip
    return edit_page(discussion, form)


@bp.post("/discussions/<ref:ref>/edit")
@with_content(Discussion, Ability.EDIT)
def save(discussion: Discussion) -> ResponseReturnValue:
    """Keep the new text, unless someone else did so first: then both are shown."""
    form = form_class(discussion)()
    if PREVIEW in request.form:
        html = previewed(form, discussion)
        if htmx.is_htmx(request):
            return preview_part(form, html)
        return edit_page(discussion, form, html)
    if not form.validate_on_submit():
        return edit_page(discussion, form), 422
    try:
        discussions.edit(
            discussion, current_user, form.words(discussion), version=form.version.data or 0,
            note=form.note.data if form.note else "",
            reason=form.reason.data if isinstance(form, ModeratorEditForm) else "",
        )  # fmt: skip
    except MarkdownRefused as refusal:
        refuse_text(form.body, refusal)
        return edit_page(discussion, form), 422
    except discussions.EditedMeanwhileError:
        return conflict_page(discussion, form), 409
    drafting.sent(editing(discussion))
    return htmx.see_other(request, url_for(".show", ref=discussion))


def form_class(discussion: Discussion) -> type[EditForm]:
    """Return the form for who edits: another than the author gives a reason."""
    return EditForm if discussion.author_id == current_user.id else ModeratorEditForm


def editing(discussion: Discussion) -> str:
    """Return the place of the form in which a discussion is changed."""
    return f"discussions:{discussion.id}:edit"


def edit_page(discussion: Discussion, form: EditForm, preview: str | None = None) -> str:
    sheet = drafting.sheet(editing(discussion), form)
    return render_template(
        "discussions/edit.html", content=discussion, form=form, preview=preview, sheet=sheet
    )


def conflict_page(discussion: Discussion, form: EditForm) -> str:
    """Show both texts with their differences; saving again is then about the newest version."""
    db.session.refresh(discussion)
    form.version.data, form.version.raw_data = discussion.version, None
    return render_template(
        "discussions/conflict.html", content=discussion, form=form,
        sheet=drafting.returned(editing(discussion)),
        rows=diff.lines(discussion.body, form.body.data),
    )  # fmt: skip


def previewed(form: DiscussionForm, discussion: Discussion | None = None) -> str:
    """Return the text of the form as it will look; a refusal goes to its field."""
    theme_id = form.words(discussion).theme_id
    try:
        return text.preview(form.body.data or "", theme_id=theme_id).html
    except MarkdownRefused as refusal:
        refuse_text(form.body, refusal)
        return ""


def preview_part(form: DiscussionForm, html: str) -> str:
    return render_template("content/_preview.html", preview=html, errors=form.body.errors)


@bp.get("/discussions/<ref:ref>/withdraw")
@with_content(Discussion, Ability.WITHDRAW)
def withdraw(discussion: Discussion) -> ResponseReturnValue:
    """Ask whether it is meant."""
    return render_template("discussions/withdraw.html", content=discussion, form=ConfirmForm())


@bp.post("/discussions/<ref:ref>/withdraw")
@with_content(Discussion, Ability.WITHDRAW)
def confirm_withdraw(discussion: Discussion) -> ResponseReturnValue:
    """Take the opening back; its author can still see it and put it back."""
    discussions.withdraw(discussion)
    flash(_("Your discussion has been withdrawn."), "ok")
    return htmx.see_other(request, url_for(".show", ref=discussion))


@bp.post("/discussions/<ref:ref>/withdraw/undo")
@with_content(Discussion, Ability.WITHDRAW)
def undo_withdraw(discussion: Discussion) -> ResponseReturnValue:
    """Show the opening again."""
    discussions.undo_withdraw(discussion)
    flash(_("Your discussion can be read again."), "ok")
    return htmx.see_other(request, url_for(".show", ref=discussion))
