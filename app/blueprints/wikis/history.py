"""The versions of a wiki page: all of them, one, the difference between two, and back to one."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import with_content
from app.blueprints.wikis.forms import RestoreForm
from app.blueprints.wikis.views import bp
from app.extensions import db
from app.forms import refuse_text
from app.lib import diff as differences
from app.lib.markdown import MarkdownRefused
from app.models import Revision, WikiPage
from app.policy import Ability, can
from app.queries import wikis as queries
from app.services import proposals, standings, text, wikis

LAYOUTS = {"side", "inline"}


@bp.get("/wikis/<ref:ref>/history")
@with_content(WikiPage, Ability.SEE_REVISIONS)
def history(page: WikiPage) -> ResponseReturnValue:
    """List the versions, the newest first, so many on a page."""
    before = request.args.get("before", type=int)
    versions = db.session.scalars(queries.versions(page, before)).all()
    more = len(versions) > queries.VERSIONS_A_PAGE
    return render_template(
        "wikis/history.html", content=page, versions=versions[: queries.VERSIONS_A_PAGE],
        more=more, before=before,
    )  # fmt: skip


@bp.get("/wikis/<ref:ref>/compare")
@with_content(WikiPage, Ability.SEE_REVISIONS)
def compare(page: WikiPage) -> ResponseReturnValue:
    """Lead on from the form of the history to the difference between the two chosen."""
    old, new = (request.args.get(name, type=int) for name in ("old", "new"))
    if old is None or new is None:
        abort(404)
    return redirect(url_for(".diff", ref=page, a=min(old, new), b=max(old, new)), 303)


@bp.get("/wikis/<ref:ref>/revisions/<id:number>")
@with_content(WikiPage, Ability.SEE_REVISIONS)
def revision(page: WikiPage, number: int) -> ResponseReturnValue:
    """Show the text as it was."""
    version = version_of(page, number)
    return render_template(
        "wikis/revision.html", content=page, version=version, html=rendered_then(page, version)
    )


@bp.get("/wikis/<ref:ref>/diff/<id:a>/<id:b>")
@with_content(WikiPage, Ability.SEE_REVISIONS)
def diff(page: WikiPage, a: int, b: int) -> ResponseReturnValue:
    """Show the difference between two versions, side by side or inline."""
    old, new = version_of(page, a), version_of(page, b)
    view = request.args.get("view", "side")
    if view not in LAYOUTS:
        abort(404)
    return render_template(
        "wikis/diff.html", content=page, old=old, new=new, view=view,
        rows=differences.lines(old.body, new.body),
    )  # fmt: skip


@bp.get("/wikis/<ref:ref>/revisions/<id:number>/restore")
@with_content(WikiPage, Ability.WRITE_WIKI)
def confirm_restore(page: WikiPage, number: int) -> ResponseReturnValue:
    """Ask whether it is meant, and show what will change."""
    form = RestoreForm(formdata=None, version=page.version)
    return restore_page(page, version_of(page, number), form)


@bp.post("/wikis/<ref:ref>/revisions/<id:number>/restore")
@with_content(WikiPage, Ability.WRITE_WIKI)
def restore(page: WikiPage, number: int) -> ResponseReturnValue:
    """Make an old version the newest, unless someone saved another in the meantime."""
    old, form = version_of(page, number), RestoreForm()
    if not form.validate_on_submit():
        return restore_page(page, old, form), 422
    if standings.needs_colleague(page):
        return colleague_asked(page, old, form)
    try:
        wikis.restore(
            page,
            old,
            current_user,
            expected_version=form.version.data or 0,
            note=form.note.data or "",
        )
    except wikis.Conflict as conflict:
        form.version.data, form.version.raw_data = conflict.latest.version, None
        return restore_page(page, old, form, moved_on=True), 409
    except MarkdownRefused as refusal:
        refuse_text(form.note, refusal)
        return restore_page(page, old, form), 422
    flash(_("Version %(number)d is the newest again.", number=number), "ok")
    return redirect(url_for(".show", ref=page), 303)


def colleague_asked(page: WikiPage, old: Revision, form: RestoreForm) -> ResponseReturnValue:
    """Propose to go back to an old version, where four eyes count."""
    if not can(current_user, Ability.PROPOSE, page):
        form.note.errors = [
            _("Members cannot see this page now. Bring it back before you change it.")
        ]
        return restore_page(page, old, form), 422
    said = _("Back to version %(number)d", number=old.number)
    note = f"{said}: {form.note.data}" if form.note.data else said
    assert page.theme is not None
    proposals.propose(
        current_user, page.theme, old.title, old.body, note=note, page=page,
        base_version=page.version, submission_key=f"{page.id} {page.version}",
    )  # fmt: skip
    flash(_("Going back waits for another specialist of this theme."), "ok")
    return redirect(url_for(".show", ref=page), 303)


def restore_page(
    page: WikiPage, old: Revision, form: RestoreForm, *, moved_on: bool = False
) -> str:
    return render_template(
        "wikis/restore.html", content=page, version=old, form=form, moved_on=moved_on,
        rows=differences.lines(page.body, old.body),
    )  # fmt: skip


def version_of(page: WikiPage, number: int) -> Revision:
    """Return a version with its author; 404 when there is none of that number."""
    found = db.session.scalar(queries.version(page, number))
    if found is None:
        abort(404)
    return found


def rendered_then(page: WikiPage, version: Revision) -> str | None:
    """Return an old text as it looks today; None when today's limits refuse it."""
    try:
        return text.preview(version.body, theme_id=page.theme_id, breaks=False).html
    except MarkdownRefused:
        return None
