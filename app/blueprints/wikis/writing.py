"""Writing wiki pages: a new one, a change, and what happens when two change it at once."""

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import requires, with_content
from app.blueprints.wikis.branches import grow
from app.blueprints.wikis.forms import EditForm, NewForm, PageForm
from app.blueprints.wikis.places import chosen_parent, chosen_theme, refuse
from app.blueprints.wikis.views import bp
from app.extensions import db
from app.forms import refuse_text
from app.lib import diff, htmx, merge
from app.lib.markdown import MarkdownRefused
from app.models import Theme, WikiPage
from app.policy import Ability, can
from app.queries import wikis as queries
from app.queries.themes import themes
from app.services import editing as notices
from app.services import text, wikis

PREVIEW = "preview"


@bp.get("/wikis/new")
@requires(Ability.WRITE_WIKI)
def new() -> ResponseReturnValue:
    """Show the form of a new page, in the theme of the address; ask for one when it is not clear."""
    own = [
        each for each in db.session.scalars(themes()) if can(current_user, Ability.WRITE_WIKI, each)
    ]
    parent = chosen_parent(request.args.get("parent", type=int))
    slug = request.args.get("theme") or (parent.theme.slug if parent and parent.theme else None)
    if slug is None and len(own) != 1:
        return render_template("wikis/choose_theme.html", themes=own)
    theme = next((each for each in own if slug in (None, each.slug)), None)
    if theme is None:
        abort(404)
    form = NewForm(formdata=None, theme_id=theme.id, parent_id=parent.id if parent else None)
    return new_page(form, theme)


@bp.post("/wikis/new")
@requires(Ability.WRITE_WIKI)
def create() -> ResponseReturnValue:
    """Make a page, or show what its text will look like."""
    theme = chosen_theme(request.form.get("theme_id", type=int))
    parent = chosen_parent(request.form.get("parent_id", type=int))
    form = prepared(NewForm(), theme)
    if PREVIEW in request.form:
        html = previewed(form, theme)
        return preview_part(form, html) if htmx.is_htmx(request) else new_page(form, theme, html)
    if not form.validate_on_submit():
        return new_page(form, theme), 422
    try:
        page = wikis.create(
            theme, form.version_by(current_user), parent=parent, facts=form.facts(),
            submission_key=form.submission_key.data,
        )  # fmt: skip
    except MarkdownRefused as refusal:
        refuse_text(form.body, refusal)
        return new_page(form, theme), 422
    except wikis.MisplacedError as error:
        refuse(form.parent_id, error)
        return new_page(form, theme), 422
    flash(_("Your page has been made."), "ok")
    return redirect(url_for(".show", ref=page), 303)


def prepared(form: NewForm, theme: Theme) -> NewForm:
    """Return the form with what can be chosen in this theme."""
    form.offer_owners(theme)
    form.offer_places(grow(db.session.execute(queries.tree(current_user, theme.id))))
    return form


def new_page(form: NewForm, theme: Theme, preview: str | None = None) -> str:
    return render_template(
        "wikis/new.html", form=prepared(form, theme), theme=theme, preview=preview
    )


@bp.get("/wikis/<ref:ref>/edit")
@with_content(WikiPage, Ability.WRITE_WIKI)
def edit(page: WikiPage) -> ResponseReturnValue:
    """Show the form with the present text, and who else has it open."""
    notices.opened(page, current_user)
    return edit_page(page, EditForm.of(page))


@bp.post("/wikis/<ref:ref>/edit")
@with_content(WikiPage, Ability.WRITE_WIKI)
def save(page: WikiPage) -> ResponseReturnValue:
    """Keep the new text, unless someone else did so first: then both are shown."""
    form = EditForm()
    form.offer_owners(theme_of(page), page.owner)
    if PREVIEW in request.form:
        html = previewed(form, theme_of(page))
        return preview_part(form, html) if htmx.is_htmx(request) else edit_page(page, form, html)
    if not form.validate_on_submit():
        return edit_page(page, form), 422
    try:
        wikis.save(
            page, form.version_by(current_user), expected_version=form.version.data or 0,
            facts=form.facts(),
        )  # fmt: skip
    except MarkdownRefused as refusal:
        refuse_text(form.body, refusal)
        return edit_page(page, form), 422
    except wikis.Conflict as conflict:
        return conflict_page(conflict.latest, form), 409
    flash(_("Your change has been saved."), "ok")
    return redirect(url_for(".show", ref=page), 303)


def theme_of(page: WikiPage) -> Theme:
    """Return the theme in which a page stands: every wiki page has one."""
    assert page.theme is not None
    return page.theme


def edit_page(page: WikiPage, form: EditForm, preview: str | None = None) -> str:
    form.offer_owners(theme_of(page), page.owner)
    others = db.session.scalars(queries.writing_now(page, current_user)).all()
    return render_template(
        "wikis/edit.html", content=page, form=form, preview=preview, others=others
    )


def conflict_page(page: WikiPage, form: EditForm) -> str:
    """Show both texts with their differences; saving again is then about the newest version.

    The form holds both changes joined where they don't touch each other, else the writer's text.
    """
    latest = db.session.scalars(queries.version(page, page.version)).one()
    base = db.session.scalars(queries.version(page, form.version.data or 0)).one_or_none()
    mine, title = form.body.data, form.title.data
    joined = merge.three_way(base.body, mine, latest.body) if base else None
    if base and title == base.title:
        form.title.data = latest.title
    if joined and not joined.conflicts:
        form.body.data = joined.text
    form.version.data, form.version.raw_data = page.version, None
    return render_template(
        "wikis/conflict.html", content=page, form=form, latest=latest, mine=mine, my_title=title,
        rows=diff.lines(latest.body, mine), joined=bool(joined and not joined.conflicts),
    )  # fmt: skip


def previewed(form: PageForm, theme: Theme) -> str:
    """Return the text of the form as it will look; a refusal goes to its field."""
    try:
        return text.preview(form.body.data or "", theme_id=theme.id, breaks=False).html
    except MarkdownRefused as refusal:
        refuse_text(form.body, refusal)
        return ""


def preview_part(form: PageForm, html: str) -> str:
    return render_template("wikis/_preview.html", preview=html, errors=form.body.errors)


@bp.post("/wikis/<ref:ref>/editing")
@with_content(WikiPage, Ability.WRITE_WIKI)
def editing(page: WikiPage) -> ResponseReturnValue:
    """Note that someone has the page open, and tell who else does; 204 when that is known."""
    notices.keep(page.id, current_user.id)
    others = db.session.scalars(queries.writing_now(page, current_user)).all()
    known = request.form.get("known", "")
    if known == ",".join(str(person.id) for person in others):
        return Response(status=204)
    return render_template("wikis/_editors.html", content=page, others=others)
