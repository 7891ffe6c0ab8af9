"""Keeping keywords in order: rename, merge, delete. The community manager's and the administrator's."""

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy import Select

from app.access import requires
from app.blueprints.themes.forms import DeleteForm, MergeForm, RenameForm
from app.blueprints.themes.room import bp
from app.extensions import db
from app.models import Tag
from app.policy import Ability
from app.queries.tags import known_or_unused, names_offered, pieces_with, tag_known_to
from app.services import keywords


@bp.route("/tags/<slug:slug>/rename", methods=["GET", "POST"])
@requires(Ability.MANAGE_KEYWORDS)
def tag_rename(slug: str) -> ResponseReturnValue:
    """Give a keyword another name; offer to merge where that name is taken."""
    tag = found(tag_known_to(current_user, slug))
    form = RenameForm(name=tag.name)
    taken: Tag | None = None

    def change() -> str:
        nonlocal taken
        try:
            renamed = keywords.rename(tag, form.name.data, current_user)
        except keywords.NameTaken as refusal:
            taken = refusal.tag
            message = _("There already is a keyword “%(name)s”.", name=taken.name)
            form.name.errors = [message]
            return ""
        flash(_("The keyword is called “%(name)s” now.", name=renamed.name), "ok")
        return url_for(".tag", slug=renamed.slug)

    def page() -> str:
        pieces = pieces_with(tag, current_user)
        return render_template("themes/rename.html", tag=tag, form=form, pieces=pieces, taken=taken)

    return answer(form, change, page)


@bp.route("/tags/<slug:slug>/merge", methods=["GET", "POST"])
@requires(Ability.MANAGE_KEYWORDS)
def tag_merge(slug: str) -> ResponseReturnValue:
    """Let another keyword take the place of one; `?into=` fills in its name."""
    tag = found(tag_known_to(current_user, slug))
    form = MergeForm(into=request.args.get("into", "")).among(tag, current_user)

    def change() -> str:
        keywords.merge(tag, form.chosen, current_user)
        said = _("“%(old)s” is “%(new)s” now.", old=tag.name, new=form.chosen.name)
        flash(said, "ok")
        return url_for(".tag", slug=form.chosen.slug)

    def page() -> str:
        return render_template(
            "themes/merge.html", tag=tag, form=form, pieces=pieces_with(tag, current_user),
            names=names_offered(current_user, tag),
        )  # fmt: skip

    return answer(form, change, page)


@bp.route("/tags/<slug:slug>/delete", methods=["GET", "POST"])
@requires(Ability.MANAGE_KEYWORDS)
def tag_delete(slug: str) -> ResponseReturnValue:
    """Delete a keyword that stands nowhere."""
    tag = found(known_or_unused(current_user).where(Tag.slug == slug))
    form = DeleteForm()

    def change() -> str:
        try:
            keywords.remove(tag, current_user)
        except keywords.StillUsed:
            form.form_errors.append(_("There are pieces with this keyword: it cannot be deleted."))
            return ""
        flash(_("The keyword “%(name)s” is deleted.", name=tag.name), "ok")
        return url_for(".tags")

    def page() -> str:
        used = keywords.is_used(tag)
        return render_template("themes/delete.html", tag=tag, form=form, used=used)

    return answer(form, change, page)


def found(query: Select[Tag]) -> Tag:
    """Return the keyword of the address; 404 where there is none that the reader may know of."""
    tag = db.session.scalar(query)
    if tag is None:
        abort(404)
    return tag


def answer(
    form: FlaskForm, change: Callable[[], str], page: Callable[[], str]
) -> ResponseReturnValue:
    """Show the form, or do what it asks and go where `change` says; nowhere: the form again."""
    if not form.is_submitted():
        return page()
    try:
        address = change() if form.validate() else ""
    except keywords.Gone:
        abort(404)
    return redirect(address, 303) if address else (page(), 422)
