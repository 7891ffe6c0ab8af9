"""The place of a page: moved in its tree, thrown away, and brought back."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.access import with_content, with_theme
from app.blueprints.wikis.forms import ArchiveForm, MoveForm
from app.blueprints.wikis.places import chosen_parent, chosen_theme, refuse
from app.blueprints.wikis.views import bp
from app.extensions import db
from app.lib.branches import grow, without
from app.models import Status, Theme, WikiPage
from app.policy import Ability, can
from app.queries import wikis as queries
from app.queries.themes import themes
from app.services import wiki_bin, wikis


@bp.get("/wikis/<ref:ref>/move")
@with_content(WikiPage, Ability.WRITE_WIKI)
def move(page: WikiPage) -> ResponseReturnValue:
    """Show the form, for the page's own theme or the one in the address."""
    key = request.args.get("theme_id", type=int)
    theme = chosen_theme(page.theme_id if key is None else key)
    stays = theme.id == page.theme_id
    form = MoveForm(
        formdata=None, theme_id=theme.id, parent_id=page.parent_id if stays else None,
        after_id=sibling_before(page) if stays else None,
    )  # fmt: skip
    return move_page(page, form, theme)


@bp.post("/wikis/<ref:ref>/move")
@with_content(WikiPage, Ability.WRITE_WIKI)
def put(page: WikiPage) -> ResponseReturnValue:
    """Put the page, and all below it, in its new place."""
    theme = chosen_theme(request.form.get("theme_id", type=int))
    parent = chosen_parent(request.form.get("parent_id", type=int))
    form = MoveForm()
    offer_places(form, page, theme)
    if parent is not None and form.parent_id.data == parent.id:
        # A page of its own branch, or of another theme, is no choice: the service says why.
        form.parent_id.validate_choice = False
    if not form.validate_on_submit():
        return move_page(page, form, theme), 422
    try:
        wikis.move(page, current_user, theme=theme, parent=parent, after=form.after_id.data)
    except wikis.MisplacedError as error:
        refuse(form.parent_id, error)
        return move_page(page, form, theme), 422
    flash(_("The page has been moved."), "ok")
    return redirect(url_for(".show", ref=page), 303)


def offer_places(form: MoveForm, page: WikiPage, theme: Theme) -> None:
    branches = grow(db.session.execute(queries.tree(current_user, theme.id)))
    there = (
        [each for each in siblings(page) if each.id != page.id] if theme.id == page.theme_id else []
    )
    form.offer_places(without(branches, page.id), there)


def siblings(page: WikiPage) -> list[WikiPage]:
    return list(db.session.scalars(queries.siblings(page.theme_id or 0, page.parent_id)))


def sibling_before(page: WikiPage) -> int | None:
    """Return what stands right before the page, as the form names it."""
    order = [each.id for each in siblings(page)]
    place = order.index(page.id) if page.id in order else 0
    return order[place - 1] if place else wikis.FIRST


def move_page(page: WikiPage, form: MoveForm, theme: Theme) -> str:
    offer_places(form, page, theme)
    own = [
        each for each in db.session.scalars(themes()) if can(current_user, Ability.WRITE_WIKI, each)
    ]
    return render_template("wikis/move.html", content=page, form=form, theme=theme, themes=own)


@bp.get("/wikis/<ref:ref>/archive")
@with_content(WikiPage, Ability.WRITE_WIKI)
def confirm_archive(page: WikiPage) -> ResponseReturnValue:
    """Ask whether it is meant, and say what goes along."""
    return archive_page(page, ArchiveForm(formdata=None))


@bp.post("/wikis/<ref:ref>/archive")
@with_content(WikiPage, Ability.WRITE_WIKI)
def archive(page: WikiPage) -> ResponseReturnValue:
    """Put the page in the bin, with all below it."""
    form = ArchiveForm()
    if not form.validate_on_submit():
        return archive_page(page, form), 422
    if page.status is not Status.ARCHIVED:
        wikis.archive(page, current_user, form.reason.data or "")
    flash(_("The page is in the bin. You can take it out again."), "ok")
    return redirect(url_for(".bin", slug=page.theme.slug if page.theme else ""), 303)


def archive_page(page: WikiPage, form: ArchiveForm) -> str:
    along = [each.title for each in wikis.branch_of(page, WikiPage.status.in_(queries.IN_TREE))][1:]
    number = ngettext(
        "%(num)d page below it goes along.", "%(num)d pages below it go along.", len(along)
    )
    return render_template(
        "wikis/archive.html", content=page, form=form, along=along, number=number if along else ""
    )


@bp.post("/wikis/<ref:ref>/unarchive")
@with_content(WikiPage, Ability.WRITE_WIKI)
def unarchive(page: WikiPage) -> ResponseReturnValue:
    """Take the page out of the bin, with what went along."""
    parent_id = page.parent_id
    if page.status is Status.ARCHIVED:
        wikis.unarchive(page, current_user)
    if page.parent_id == parent_id:
        flash(_("The page is back in its place."), "ok")
    else:
        flash(_("The page is back, on top of the theme: the page above it is in the bin."), "ok")
    return redirect(url_for(".show", ref=page), 303)


@bp.get("/wikis/themes/<slug:slug>/bin", endpoint="bin")
@with_theme(Ability.WRITE_WIKI)
def bin_of(theme: Theme) -> ResponseReturnValue:
    """Show what was thrown away in a theme."""
    found = db.session.execute(queries.in_bin(theme.id)).all()
    return render_template(
        "wikis/bin.html", theme=theme, found=found, kept_until=wiki_bin.kept_until
    )
