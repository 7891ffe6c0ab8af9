"""Writing replies: place, edit, withdraw."""

from datetime import datetime
from typing import NamedTuple

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import drafting
from app.access import begin_to_write, with_comment, with_content, with_place
from app.blueprints.comments.forms import EditForm, ModeratorEditForm
from app.blueprints.comments.views import LARGEST, address_of, bp, changed
from app.extensions import reader, reads_first, store
from app.forms import REFUSALS, CommentForm, refuse_text, tidy, valid_key
from app.lib import diff, htmx
from app.lib.markdown import MarkdownRefused
from app.models import Comment, Content
from app.policy import Ability
from app.queries import comments as queries
from app.queries.comments import Conversation, page_of
from app.services import comments, text
from app.templating import date_time


def number_in_form(name: str) -> int:
    """Return a position or page from the form; 0 for what is none."""
    number = request.form.get(name, 0, type=int)
    return number if 0 <= number < LARGEST else 0


@bp.post("/content/<id:content_id>/comments")
@reads_first
@with_place(Ability.COMMENT)
def create(content: Content) -> ResponseReturnValue:
    """Place a reply: others wait only while it is stored, not while it is rendered."""
    # A form is made only when it has to be shown again: that takes longer than to store a reply.
    body, key = tidy(request.form.get("body")), valid_key(request.form.get("submission_key"))
    if not body.strip():
        return refused(content)
    try:
        prepared = comments.prepare(content, reader(), body)
        content = begin_to_write()
        comment = comments.place(prepared, content, reader(), key)
    except MarkdownRefused as refusal:
        return refused(content, str(REFUSALS[refusal.reason]))
    except comments.TooSoonError as early:
        return refused(content, too_soon(early.when))
    drafting.sent(replying(content))
    store()
    new = Placed(comment.id, comment.position, said_of(comment), address_of(comment))
    if htmx.is_htmx(request):
        return placed(comment.content, new)
    flash(new.said, "info" if comment.held_at else "ok")
    return htmx.see_other(request, new.address)


def refused(content: Content, *reasons: str) -> ResponseReturnValue:
    """Show the form again with what was written, and what is the matter with it."""
    form = CommentForm()
    form.validate()
    form.body.errors = [*form.body.errors, *reasons]
    return form_again(content, form, 422)


def too_soon(when: datetime) -> str:
    """Tell a member when they can reply again to a discussion that is slow."""
    return str(
        _(
            "This discussion is slowed down. You can reply again on %(when)s. Your text is still here.",
            when=date_time(when),
        )
    )


def said_of(comment: Comment) -> str:
    """Tell a writer that their reply is there, or that a moderator looks at it first."""
    if comment.held_at is not None:
        return str(_("Your reply has been sent. A moderator looks at it first."))
    return str(_("Your reply has been placed."))


def replying(content: Content) -> str:
    """Return the place of the form for a reply to a piece."""
    return f"{content.folder}:{content.id}:comment"


class Placed(NamedTuple):
    """A reply that was stored: what its writer is told, and where it stands."""

    id: int
    position: int
    said: str
    address: str


def placed(content: Content, new: Placed) -> ResponseReturnValue:
    """Show the reply in place, with those of others that came before it; or lead to its page."""
    number = number_in_form("page")
    if page_of(new.position) != number:
        return htmx.see_other(request, new.address)
    found = queries.newer(content, number_in_form("seen"), reader())
    talk = Conversation(content, found, number, number, content.last_position)
    return render_template(
        "comments/create.htmx.html",
        talk=talk,
        reply_form=CommentForm(formdata=None),
        sheet=drafting.fresh(replying(content)),
        new_id=new.id,
        said=new.said,
    )


def form_again(
    content: Content, form: CommentForm, status: int, shown: str = ""
) -> ResponseReturnValue:
    """Return the form with what was written, and a preview if there is one."""
    seen, number = number_in_form("seen"), number_in_form("page")
    talk = Conversation(content, [], number, number, seen)
    part = htmx.is_htmx(request)
    template = "comments/_reply_form.html" if part else "comments/new.html"
    html = render_template(
        template, talk=talk, content=content, reply_form=form, preview=shown,
        sheet=drafting.returned(replying(content)),
    )  # fmt: skip
    return html, status


@bp.post("/content/<id:content_id>/comments/preview")
@with_content(Content, Ability.READ)
def preview(content: Content) -> ResponseReturnValue:
    """Show what a reply will look like; nothing is kept."""
    form = CommentForm()
    shown, status = "", 422
    if form.validate():
        try:
            shown, status = text.preview(form.body.data, theme_id=content.theme_id).html, 200
        except MarkdownRefused as refusal:
            refuse_text(form.body, refusal)
    if not htmx.is_htmx(request):
        return form_again(content, form, status, shown)
    return render_template("content/_preview.html", preview=shown, errors=form.body.errors), status


@bp.get("/comments/<id:comment_id>/edit")
@with_comment(Ability.EDIT)
def edit(comment: Comment) -> ResponseReturnValue:
    """Show the form with the present text."""
    form = form_class(comment)(formdata=None, body=comment.body, version=comment.version)
    return edit_page(comment, form)


@bp.post("/comments/<id:comment_id>/edit")
@with_comment(Ability.EDIT)
def save(comment: Comment) -> ResponseReturnValue:
    """Keep the new text, unless someone else did so first: then both are shown."""
    form = form_class(comment)()
    if "preview" in request.form:
        valid = form.body.validate(form)
        theme_id = comment.content.theme_id
        shown = text.preview(form.body.data, theme_id=theme_id).html if valid else ""
        return edit_page(comment, form, preview=shown), 200 if valid else 422
    if not form.validate_on_submit():
        return edit_page(comment, form), 422
    reason = form.reason.data if isinstance(form, ModeratorEditForm) else ""
    try:
        comments.edit(comment, current_user, form.body.data, form.version.data or 0, reason)
    except comments.EditedMeanwhileError:
        return conflict(comment, form), 409
    drafting.sent(editing(comment))
    return changed(comment, _("The reply has been changed."))


def form_class(comment: Comment) -> type[EditForm]:
    """Return the form for who edits: another than the writer gives a reason."""
    return EditForm if comment.author_id == current_user.id else ModeratorEditForm


def editing(comment: Comment) -> str:
    """Return the place of the form in which a reply is changed."""
    return f"comments:{comment.id}:edit"


def edit_page(comment: Comment, form: EditForm, **values: object) -> str:
    part = htmx.is_htmx(request)
    template = "comments/_edit.html" if part else "comments/edit.html"
    return render_template(
        template,
        comment=comment,
        content=comment.content,
        form=form,
        back=address_of(comment),
        sheet=drafting.sheet(editing(comment), form),
        **values,
    )


def conflict(comment: Comment, form: EditForm) -> str:
    """Show both texts with their differences; saving again is then about the newest version."""
    form.version.data, form.version.raw_data = comment.version, None
    return edit_page(comment, form, rows=diff.lines(comment.body, form.body.data))


@bp.post("/comments/<id:comment_id>/withdraw")
@with_comment(Ability.WITHDRAW)
def withdraw(comment: Comment) -> ResponseReturnValue:
    """Take a reply back; its place and number stay."""
    comments.withdraw(comment)
    return changed(comment, _("Your reply has been withdrawn."))


@bp.post("/comments/<id:comment_id>/undo")
@with_comment(Ability.WITHDRAW)
def undo(comment: Comment) -> ResponseReturnValue:
    """Show a withdrawn reply again."""
    comments.undo_withdrawal(comment)
    return changed(comment, _("Your reply can be read again."))
