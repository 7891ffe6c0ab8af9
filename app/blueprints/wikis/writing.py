"""Writing wiki pages: a new one, a change, and what happens when two change it at once."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import drafting
from app.access import requires, with_content
from app.blueprints.wikis.beginning import begun_with, changing, making, passed_on, theme_asked
from app.blueprints.wikis.forms import EditForm, NewForm, PageForm
from app.blueprints.wikis.places import chosen_parent, chosen_theme, refuse
from app.blueprints.wikis.views import bp
from app.extensions import db
from app.forms import join_changes, refuse_text
from app.lib import diff, htmx
from app.lib.branches import grow
from app.lib.markdown import MarkdownRefused
from app.models import Theme, WikiPage
from app.policy import Ability, can
from app.queries import wikis as queries
from app.queries.templates import offered
from app.queries.themes import themes
from app.services import editing as notices
from app.services import proposals, reviews, standings, text, wikis

PREVIEW = "preview"


@bp.get("/wikis/new")
@requires(Ability.WRITE_WIKI)
def new() -> ResponseReturnValue:
    """Show the form of a new page, in the theme of the address; ask for one when it is not clear."""
    own = [
        each for each in db.session.scalars(themes()) if can(current_user, Ability.WRITE_WIKI, each)
    ]
    parent = chosen_parent(request.args.get("parent", type=int))
    theme = theme_asked(own, parent)
    if theme is None:
        return render_template("wikis/choose_theme.html", themes=own, passed=passed_on())
    begun = begun_with()
    form = NewForm(
        formdata=None, theme_id=theme.id, parent_id=parent.id if parent else None, **begun
    )
    return new_page(form, theme, begun=bool(begun))


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
    drafting.sent(making(theme))
    flash(_("Your page has been made."), "ok")
    return redirect(url_for(".show", ref=page), 303)


def prepared(form: NewForm, theme: Theme) -> NewForm:
    """Return the form with what can be chosen in this theme."""
    form.offer_owners(theme)
    form.offer_standings(theme)
    form.offer_places(grow(db.session.execute(queries.tree(current_user, theme.id))))
    return form


def new_page(
    form: NewForm, theme: Theme, preview: str | None = None, *, begun: bool = False
) -> str:
    sheet = drafting.sheet(making(theme), prepared(form, theme), begun=begun)
    return render_template(
        "wikis/new.html", form=form, theme=theme, preview=preview, sheet=sheet,
        texts=offered("wikis", theme),
    )  # fmt: skip


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
    offer_choices(form, page)
    if PREVIEW in request.form:
        html = previewed(form, theme_of(page))
        return preview_part(form, html) if htmx.is_htmx(request) else edit_page(page, form, html)
    if not form.validate_on_submit():
        return edit_page(page, form), 422
    if standings.needs_colleague(page):
        return colleague_asked(page, form)
    planned = page.review_on
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
    if form.reviewed.data and can(current_user, Ability.REVIEW_WIKI, page):
        chosen = page.review_on if page.review_on != planned else None
        reviews.confirm(page, current_user, page.version, chosen)
    drafting.sent(changing(page))
    flash(_("Your change has been saved."), "ok")
    return redirect(url_for(".show", ref=page), 303)


def colleague_asked(page: WikiPage, form: EditForm) -> ResponseReturnValue:
    """Put a change of what is in force before the other specialists, where four eyes count.

    What a page is beside its text changes at once.
    """
    seen = db.session.scalar(queries.version(page, form.version.data or 0))
    changed = seen is None or (seen.title, seen.body) != (form.title.data, form.body.data)
    if changed and not can(current_user, Ability.PROPOSE, page):
        form.body.errors = [
            _("Members cannot see this page now. Bring it back before you change it.")
        ]
        return edit_page(page, form), 422
    wikis.describe(page, form.facts(), current_user)
    drafting.sent(changing(page))
    if not changed:
        flash(_("Your change has been saved."), "ok")
        return redirect(url_for(".show", ref=page), 303)
    proposals.propose(
        current_user, theme_of(page), form.title.data, form.body.data, note=form.note.data,
        page=page, base_version=form.version.data or 0,
        submission_key=f"{page.id} {form.version.data}",
    )  # fmt: skip
    notices.stop(page, current_user)
    flash(
        _(
            "Your change waits for another specialist of this theme. Until then the page stays as it is."
        ),
        "ok",
    )
    return redirect(url_for(".show", ref=page), 303)


def offer_choices(form: EditForm, page: WikiPage) -> None:
    """Fill in what can be chosen for a page."""
    form.offer_owners(theme_of(page), page.owner)
    form.offer_standings(theme_of(page), page)


def theme_of(page: WikiPage) -> Theme:
    """Return the theme in which a page stands: every wiki page has one."""
    assert page.theme is not None
    return page.theme


def edit_page(page: WikiPage, form: EditForm, preview: str | None = None) -> str:
    offer_choices(form, page)
    others = db.session.scalars(queries.writing_now(page, current_user)).all()
    return render_template(
        "wikis/edit.html", content=page, form=form, preview=preview, others=others,
        sheet=drafting.sheet(changing(page), form),
    )  # fmt: skip


def conflict_page(page: WikiPage, form: EditForm) -> str:
    """Show both texts with their differences; saving again is then about the newest version.

    The form holds both changes joined where they don't touch each other, else the writer's text.
    """
    latest = db.session.scalars(queries.version(page, page.version)).one()
    base = db.session.scalars(queries.version(page, form.version.data or 0)).one_or_none()
    mine, title = form.body.data, form.title.data
    joined = join_changes(form, base, latest, page.version)
    return render_template(
        "wikis/conflict.html", content=page, form=form, latest=latest, mine=mine, my_title=title,
        rows=diff.lines(latest.body, mine), joined=joined,
        sheet=drafting.returned(changing(page)),
    )  # fmt: skip


def previewed(form: PageForm, theme: Theme) -> str:
    """Return the text of the form as it will look; a refusal goes to its field."""
    try:
        return text.preview(form.body.data or "", theme_id=theme.id, breaks=False).html
    except MarkdownRefused as refusal:
        refuse_text(form.body, refusal)
        return ""


def preview_part(form: PageForm, html: str) -> str:
    return render_template("content/_preview.html", preview=html, errors=form.body.errors)


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
