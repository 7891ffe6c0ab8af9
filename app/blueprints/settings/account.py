"""One account: what the administrator can do with it."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from flask_wtf import FlaskForm

from app.access import with_person
from app.blueprints.settings.account_forms import (
    KEEP,
    AddressForm,
    CloseForm,
    NamedOpenForm,
    OpenForm,
    WorkForm,
)
from app.blueprints.settings.room import bp
from app.blueprints.settings.sections import plain_page
from app.extensions import db
from app.lib import htmx
from app.models import User
from app.policy import Ability
from app.queries.accounts import number_of_sessions
from app.queries.people import departments, grants_of
from app.services import accounts, import_authors
from app.services.accounts import AccountRefused


def page(name: str, person: User, status: int = 200, **values: Any) -> ResponseReturnValue:
    """Return a page about an account."""
    return plain_page(name, "accounts", person=person, **values), status


def back(person: User, said: str) -> ResponseReturnValue:
    """Go back to the account, and say what was done."""
    flash(said, "ok")
    return htmx.see_other(request, url_for(".account", ref=person))


@bp.route("/settings/accounts/<ref:ref>", methods=["GET", "POST"])
@with_person(Ability.MANAGE_ACCOUNTS)
def account(person: User) -> ResponseReturnValue:
    """Show an account, and change what someone does and where."""
    form = WorkForm(job_title=person.job_title, department=str(person.department_id or ""))
    choices = list(db.session.scalars(departments()))
    form.offer(choices)
    if form.validate_on_submit():
        chosen = next((one for one in choices if str(one.id) == form.department.data), None)
        changed = accounts.change_work(person, form.job_title.data, chosen, current_user)
        return back(
            person, _("The account has been changed.") if changed else _("There was nothing to change.")
        )  # fmt: skip
    return page(
        "account", person, 422 if form.is_submitted() else 200, form=form,
        grants=db.session.scalars(grants_of(person)).all(),
        sessions=db.session.scalar(number_of_sessions(person.id)),
        is_author=import_authors.is_import(person),
    )  # fmt: skip


@bp.route("/settings/accounts/<ref:ref>/close", methods=["GET", "POST"])
@with_person(Ability.MANAGE_ACCOUNTS)
def close_account(person: User) -> ResponseReturnValue:
    """Close an account, after asking what stands beside the pieces."""
    form, name = CloseForm(), person.name

    def close() -> str:
        keep_name = form.name_shown.data == KEEP
        accounts.close(person, current_user, keep_name=keep_name, reason=form.reason.data.strip())
        return str(_("The account of %(name)s has been closed.", name=name))

    return answer("account_close", form, person, close)


@bp.route("/settings/accounts/<ref:ref>/open", methods=["GET", "POST"])
@with_person(Ability.MANAGE_ACCOUNTS)
def open_account(person: User) -> ResponseReturnValue:
    """Open a closed account again."""
    nameless = accounts.is_nameless(person)
    form: FlaskForm = NamedOpenForm() if nameless else OpenForm()

    def reopen() -> str:
        accounts.reopen(person, current_user, form.data.get("name") or "")
        return str(_("The account of %(name)s is open again.", name=person.name))

    return answer("account_open", form, person, reopen, nameless=nameless)


@bp.route("/settings/accounts/<ref:ref>/address", methods=["GET", "POST"])
@with_person(Ability.MANAGE_ACCOUNTS)
def change_address(person: User) -> ResponseReturnValue:
    """Give an account another e-mail address."""
    form = AddressForm()

    def change() -> str:
        accounts.change_address(person, form.email.data or "", current_user)
        return str(_("The e-mail address has been changed."))

    return answer("account_address", form, person, change, at="email")


@bp.post("/settings/accounts/<ref:ref>/sign-out")
@with_person(Ability.MANAGE_ACCOUNTS)
def sign_out_account(person: User) -> ResponseReturnValue:
    """Sign someone out everywhere."""
    number = accounts.sign_out(person, current_user)
    said = ngettext("Signed out on %(num)d device.", "Signed out on %(num)d devices.", number)
    return back(person, said)


def answer(
    name: str, form: FlaskForm, person: User, change: Callable[[], str], at: str = "", **values: Any
) -> ResponseReturnValue:
    """Show a form, or do what it says and go back to the account.

    A refusal stands in the form, at the field `at` when it is about that.
    """
    if not form.is_submitted():
        return page(name, person, form=form, **values)
    if not form.validate():
        return page(name, person, 422, form=form, **values)
    try:
        said = change()
    except PermissionError:
        abort(403)
    except AccountRefused as refusal:
        if at:
            form[at].errors = [str(refusal)]
        else:
            form.form_errors.append(str(refusal))
        return page(name, person, 422, form=form, **values)
    return back(person, said)
