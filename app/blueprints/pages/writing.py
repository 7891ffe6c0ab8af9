"""Changing a standing page, and what happens when two do so at once."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import drafting
from app.access import requires
from app.blueprints.pages.forms import PageForm, page_form
from app.blueprints.pages.room import bp, page_named
from app.forms import join_changes, refuse_text
from app.lib import diff, htmx
from app.lib.markdown import MarkdownRefused
from app.policy import Ability
from app.queries import pages as queries
from app.queries.pages import RULES, PageText
from app.services import pages

PREVIEW = "preview"


@bp.get("/pages/<name>/edit")
@requires(Ability.EDIT_PAGES)
def edit(name: str) -> ResponseReturnValue:
    """Show the form with the text that holds now."""
    text = page_named(name)
    return edit_page(text, page_form(text, filled_in=False))


@bp.post("/pages/<name>/edit")
@requires(Ability.EDIT_PAGES)
def save(name: str) -> ResponseReturnValue:
    """Keep the new text, unless someone else did so first: then both are shown."""
    text = page_named(name)
    form = page_form(text, filled_in=True)
    if PREVIEW in request.form:
        html = previewed(name, form)
        return preview_part(form, html) if htmx.is_htmx(request) else edit_page(text, form, html)
    if not form.validate_on_submit():
        return edit_page(text, form), 422
    if (form.title.data, form.body.data) == (text.title, text.body):
        drafting.sent(editing(name))
        flash(_("There was nothing to change."), "ok")
        return htmx.see_other(request, url_for(".show", name=name))
    try:
        keep(name, form)
    except MarkdownRefused as refusal:
        refuse_text(form.body, refusal)
        return edit_page(text, form), 422
    except pages.Conflict as conflict:
        return conflict_page(conflict.latest, form), 409
    return htmx.see_other(request, url_for(".show", name=name))


def keep(name: str, form: PageForm) -> None:
    """Make the new version, and tell what it asks of members."""
    made = pages.edit(
        name, form.title.data, form.body.data, current_user, note=form.note.data,
        minor=bool(form.data.get("minor")), edited=form.version.data,
    )  # fmt: skip
    drafting.sent(editing(name))
    flash(saved(name, minor=made.minor), "ok")


def saved(name: str, *, minor: bool) -> str:
    """Return what someone hears who saved a page."""
    said = _("Your change has been saved.")
    if name == RULES and not minor:
        said += " " + _("Everyone is asked to accept the rules again, you too.")
    return str(said)


def editing(name: str) -> str:
    """Return the place of the form in which a page is changed."""
    return f"pages:{name}:edit"


def edit_page(text: PageText, form: PageForm, preview: str | None = None) -> str:
    return render_template(
        "pages/edit.html", text=text, form=form, preview=preview, members=queries.members(),
        sheet=drafting.sheet(editing(text.name), form),
    )  # fmt: skip


def conflict_page(latest: PageText, form: PageForm) -> str:
    """Show both texts with their differences; saving again is then about the newest version.

    The form holds both changes joined where they don't touch each other, else the writer's text.
    """
    base = queries.version(latest.name, form.version.data or 0)
    mine, title = form.body.data, form.title.data
    joined = join_changes(form, base, latest, latest.number)
    return render_template(
        "pages/conflict.html", text=latest, form=form, mine=mine, my_title=title, preview=None,
        rows=diff.lines(latest.body, mine), joined=joined,
        sheet=drafting.returned(editing(latest.name)),
        members=queries.members(),
    )  # fmt: skip


def previewed(name: str, form: PageForm) -> str:
    """Return the text of the form as it will look; a refusal goes to its field."""
    try:
        return queries.with_values(pages.rendered(name, form.body.data or ""))
    except MarkdownRefused as refusal:
        refuse_text(form.body, refusal)
        return ""


def preview_part(form: PageForm, html: str) -> str:
    return render_template("content/_preview.html", preview=html, errors=form.body.errors)
