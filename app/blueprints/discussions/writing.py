"""Writing discussions: start, edit, withdraw, and put back."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import requires, with_content
from app.blueprints.discussions.forms import (
    ConfirmForm,
    DiscussionForm,
    EditForm,
    ModeratorEditForm,
    StartForm,
)
from app.blueprints.discussions.room import bp
from app.extensions import db
from app.forms import refuse_text
from app.lib import diff, htmx
from app.lib.markdown import MarkdownRefused
from app.models import Discussion
from app.policy import Ability
from app.queries.themes import themes
from app.services import discussions, text

PREVIEW = "preview"


@bp.get("/discussions/new")
@requires(Ability.START_DISCUSSION)
def new() -> ResponseReturnValue:
    """Show the form; a theme or a group in the address is chosen already."""
    form = StartForm(formdata=None)
    theme, group = request.args.get("theme"), request.args.get("group")
    for found in db.session.scalars(themes()).all() if theme else ():
        if found.slug == theme:
            form.theme_id.data = found.id
    for membership in current_user.memberships:
        if membership.group.slug == group:
            form.group_id.data = membership.group.id
    return new_page(form)


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
    return htmx.see_other(request, url_for(".show", ref=made))


def new_page(form: StartForm, preview: str | None = None) -> str:
    return render_template("discussions/new.html", form=form, preview=preview)


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
    return htmx.see_other(request, url_for(".show", ref=discussion))


def form_class(discussion: Discussion) -> type[EditForm]:
    """Return the form for who edits: another than the author gives a reason."""
    return EditForm if discussion.author_id == current_user.id else ModeratorEditForm


def edit_page(discussion: Discussion, form: EditForm, preview: str | None = None) -> str:
    return render_template("discussions/edit.html", content=discussion, form=form, preview=preview)


def conflict_page(discussion: Discussion, form: EditForm) -> str:
    """Show both texts with their differences; saving again is then about the newest version."""
    db.session.refresh(discussion)
    form.version.data, form.version.raw_data = discussion.version, None
    return render_template(
        "discussions/conflict.html", content=discussion, form=form,
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
    return render_template("discussions/_preview.html", preview=html, errors=form.body.errors)


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
