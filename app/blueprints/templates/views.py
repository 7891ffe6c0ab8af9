"""The manager's desk for texts to begin with."""

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import drafting
from app.access import requires
from app.blueprints.templates.forms import EditForm, NewForm
from app.forms import refuse_text
from app.lib import htmx
from app.lib.markdown import MarkdownRefused
from app.policy import Ability
from app.queries import templates as queries
from app.queries.templates import ROOMS, Beginning
from app.services import templates as service
from app.services import text as texts

bp = Blueprint("templates", __name__)
PREVIEW = "preview"
NEW = "templates:new"


def text_named(key: str) -> Beginning:
    """Return a text; 404 when there is none of that key."""
    return queries.named(key) or abort(404)


def back(message: str, key: str = "") -> ResponseReturnValue:
    """Return to the list with a message."""
    flash(message, "ok")
    return htmx.see_other(request, url_for(".index", _anchor=f"text-{key}" if key else None))


@bp.get("/templates")
@requires(Ability.MANAGE_TEMPLATES)
def index() -> ResponseReturnValue:
    """List the texts by room, with what stands in the archive."""
    found = queries.beginnings(archived=True)
    rooms = [(room, ROOMS[room], [b for b in found if b.folder == room]) for room in ROOMS]
    return render_template("templates/index.html", rooms=[each for each in rooms if each[2]])


@bp.get("/templates/new")
@requires(Ability.MANAGE_TEMPLATES)
def new() -> ResponseReturnValue:
    """Show the form of a new text."""
    form = NewForm(formdata=None)
    form.offer()
    if request.args.get("folder") in ROOMS:
        form.folder.data = request.args["folder"]
    return new_page(form)


@bp.post("/templates/new")
@requires(Ability.MANAGE_TEMPLATES)
def create() -> ResponseReturnValue:
    """Add a text, or show what it will look like."""
    form = NewForm()
    form.offer()
    if PREVIEW in request.form:
        html = previewed(form, form.folder.data)
        return preview_part(form, html) if htmx.is_htmx(request) else new_page(form, html)
    if not form.validate_on_submit():
        return new_page(form), 422
    made = service.add(form.folder.data, form.words(), current_user)
    drafting.sent(NEW)
    return back(_("The text “%(name)s” has been added.", name=made.name), str(made.id))


def new_page(form: NewForm, preview: str | None = None) -> str:
    sheet = drafting.sheet(NEW, form)
    return render_template("templates/new.html", form=form, preview=preview, sheet=sheet)


@bp.get("/templates/<slug:template_key>/edit")
@requires(Ability.MANAGE_TEMPLATES)
def edit(template_key: str) -> ResponseReturnValue:
    """Show the form with the text as it is."""
    text = text_named(template_key)
    form = EditForm(
        formdata=None, name=text.name, description=text.description, body=text.body,
        theme_id=text.theme.id if text.theme else "",
    )  # fmt: skip
    form.offer(text.theme)
    return edit_page(text, form)


@bp.post("/templates/<slug:template_key>/edit")
@requires(Ability.MANAGE_TEMPLATES)
def save(template_key: str) -> ResponseReturnValue:
    """Keep the new words."""
    text = text_named(template_key)
    form = EditForm()
    form.offer(text.theme)
    if PREVIEW in request.form:
        html = previewed(form, text.folder)
        return preview_part(form, html) if htmx.is_htmx(request) else edit_page(text, form, html)
    if not form.validate_on_submit():
        return edit_page(text, form), 422
    changed = service.change(text, form.words(), current_user)
    drafting.sent(editing(text))
    said = _("The text has been saved.") if changed else _("There was nothing to change.")
    return back(said, text.key)


def editing(text: Beginning) -> str:
    """Return the place of the form in which a text is changed."""
    return f"templates:{text.key}:edit"


def edit_page(text: Beginning, form: EditForm, preview: str | None = None) -> str:
    sheet = drafting.sheet(editing(text), form)
    return render_template(
        "templates/edit.html", text=text, form=form, preview=preview, sheet=sheet
    )


def previewed(form: EditForm, folder: str) -> str:
    """Return the text as it will look in its room; a refusal goes to its field."""
    theme = form.themes.get(form.theme_id.data)
    try:
        return texts.preview(
            form.body.data, theme_id=theme.id if theme else None, breaks=folder != "wikis"
        ).html
    except MarkdownRefused as refusal:
        refuse_text(form.body, refusal)
        return ""


def preview_part(form: EditForm, html: str) -> str:
    return render_template("content/_preview.html", preview=html, errors=form.body.errors)


@bp.post("/templates/<slug:template_key>/move")
@requires(Ability.MANAGE_TEMPLATES)
def move(template_key: str) -> ResponseReturnValue:
    """Put a text one place up or down in its room."""
    text = text_named(template_key)
    service.move(text, -1 if request.form.get("direction") == "up" else 1)
    return htmx.see_other(request, url_for(".index", _anchor=f"text-{text.key}"))


@bp.post("/templates/<slug:template_key>/archive")
@requires(Ability.MANAGE_TEMPLATES)
def archive(template_key: str) -> ResponseReturnValue:
    """Offer a text no longer."""
    text = text_named(template_key)
    service.archive(text, current_user)
    return back(_("The text “%(name)s” is in the archive.", name=text.name), text.key)


@bp.post("/templates/<slug:template_key>/restore")
@requires(Ability.MANAGE_TEMPLATES)
def restore(template_key: str) -> ResponseReturnValue:
    """Offer a text again."""
    text = text_named(template_key)
    service.restore(text, current_user)
    return back(_("The text “%(name)s” is in use again.", name=text.name), text.key)


@bp.post("/templates/<slug:template_key>/reset")
@requires(Ability.MANAGE_TEMPLATES)
def reset(template_key: str) -> ResponseReturnValue:
    """Put back the words with which a text ships."""
    text = text_named(template_key)
    if not text.shipped:
        abort(404)
    service.reset(text, current_user)
    return back(_("The text “%(name)s” is as it was delivered.", name=text.name), text.key)
