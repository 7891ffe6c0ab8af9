"""Granting and withdrawing roles: the community manager's, and the administrator's of their own."""

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import with_person
from app.blueprints.people.forms import GrantForm, ReasonForm
from app.blueprints.people.room import bp
from app.extensions import db
from app.models import Grant, Role, Theme, User
from app.policy import Ability
from app.queries.people import grants_of
from app.queries.themes import themes as in_use
from app.services import roles
from app.templating import role_label


@bp.route("/people/<ref:ref>/roles", methods=["GET", "POST"])
@with_person(Ability.GRANT_ROLES)
def grant(person: User) -> ResponseReturnValue:
    """Give a person a role."""
    form = GrantForm()
    themes = list(db.session.scalars(in_use()))
    form.offer(themes)

    def give() -> None:
        role = Role(form.role.data)
        theme = chosen(themes, form) if role is Role.SPECIALIST else None
        roles.grant(person, role, theme, form.reason.data or "", current_user)

    def page() -> str:
        return render_template("people/grant.html", person=person, form=form)

    return answer(form, person, give, page, _("The role has been granted."))


def chosen(themes: list[Theme], form: GrantForm) -> Theme | None:
    """Return the theme that was chosen in the form."""
    return next((theme for theme in themes if str(theme.id) == form.theme.data), None)


@bp.route("/people/<ref:ref>/roles/<id:grant_id>/withdraw", methods=["GET", "POST"])
@with_person(Ability.GRANT_ROLES)
def withdraw(person: User, grant_id: int) -> ResponseReturnValue:
    """Take a role away, but not that of administrator."""
    given = db.session.scalar(
        grants_of(person).where(Grant.id == grant_id, Grant.role != Role.ADMINISTRATOR)
    )
    return withdraw_page(person, given)


@bp.route("/people/<ref:ref>/administrator", methods=["GET", "POST"])
@with_person(Ability.GRANT_ADMINISTRATOR)
def grant_administrator(person: User) -> ResponseReturnValue:
    """Make a person administrator."""
    form = ReasonForm()

    def give() -> None:
        roles.grant(person, Role.ADMINISTRATOR, None, form.reason.data or "", current_user)

    def page() -> str:
        return render_template("people/grant_administrator.html", person=person, form=form)

    return answer(form, person, give, page, _("The role has been granted."))


@bp.route("/people/<ref:ref>/administrator/withdraw", methods=["GET", "POST"])
@with_person(Ability.GRANT_ADMINISTRATOR)
def withdraw_administrator(person: User) -> ResponseReturnValue:
    """Take the role of administrator away."""
    given = db.session.scalar(grants_of(person).where(Grant.role == Role.ADMINISTRATOR))
    return withdraw_page(person, given)


def withdraw_page(person: User, given: Grant | None) -> ResponseReturnValue:
    """Ask for a reason, and take the role away."""
    if given is None:
        abort(404)
    form = ReasonForm()

    def page() -> str:
        label = role_label(given.role)
        return render_template(
            "people/withdraw.html",
            person=person,
            form=form,
            given=given,
            label=f"{label}: {given.theme.name}" if given.theme else label,
        )

    def take() -> None:
        roles.withdraw(given, form.reason.data or "", current_user)

    return answer(form, person, take, page, _("The role has been withdrawn."))


def answer(
    form: ReasonForm, person: User, change: Callable[[], None], page: Callable[[], str], done: str
) -> ResponseReturnValue:
    """Show the form, or change a role and go back to the person; a refusal stands in the form."""
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    try:
        change()
    except roles.RoleRefused as refusal:
        form.form_errors.append(str(refusal))
        return page(), 422
    flash(done, "ok")
    return redirect(url_for(".show", ref=person), 303)
