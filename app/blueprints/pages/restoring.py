"""An old version of a standing page becomes the newest again."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import requires
from app.blueprints.pages.forms import VersionForm, version_form
from app.blueprints.pages.room import bp, page_named, version_of
from app.forms import refuse_text
from app.lib import diff, htmx
from app.lib.markdown import MarkdownRefused
from app.policy import Ability
from app.queries import pages as queries
from app.queries.pages import PageText
from app.services import pages


@bp.get("/pages/<name>/versions/<id:number>/restore")
@requires(Ability.EDIT_PAGES)
def confirm_restore(name: str, number: int) -> ResponseReturnValue:
    """Ask whether it is meant, and show what will change."""
    old, text = version_of(name, number), page_named(name)
    return restore_page(text, old, version_form(text, filled_in=False))


@bp.post("/pages/<name>/versions/<id:number>/restore")
@requires(Ability.EDIT_PAGES)
def restore(name: str, number: int) -> ResponseReturnValue:
    """Make an old version the newest, unless someone saved another in the meantime."""
    old, text = version_of(name, number), page_named(name)
    form = version_form(text, filled_in=True)
    if not form.validate_on_submit():
        return restore_page(text, old, form), 422
    if (old.title, old.body) == (text.title, text.body):
        flash(_("There was nothing to change."), "ok")
        return htmx.see_other(request, url_for(".show", name=name))
    said = _("Version %(number)d restored", number=number)
    note = f"{said}: {form.note.data}" if form.note.data else said
    try:
        pages.edit(
            name, old.title, old.body, current_user, note=note,
            minor=bool(form.data.get("minor")), edited=form.version.data,
        )  # fmt: skip
    except pages.Conflict as conflict:
        form.version.data, form.version.raw_data = conflict.latest.number, None
        return restore_page(conflict.latest, old, form, moved_on=True), 409
    except MarkdownRefused as refusal:
        refuse_text(form.note, refusal)
        return restore_page(text, old, form), 422
    flash(_("Version %(number)d is the newest again.", number=number), "ok")
    return htmx.see_other(request, url_for(".show", name=name))


def restore_page(
    text: PageText, old: PageText, form: VersionForm, *, moved_on: bool = False
) -> str:
    return render_template(
        "pages/restore.html", text=text, version=old, form=form, moved_on=moved_on,
        rows=diff.lines(text.body, old.body), members=queries.members(),
    )  # fmt: skip
