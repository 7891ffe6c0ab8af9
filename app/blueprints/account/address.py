"""Another e-mail address: asked with one's password, and confirmed by mail at both ends."""

from flask import flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import public, requires
from app.blueprints.account.forms import AddressForm
from app.blueprints.account.room import bp
from app.extensions import keep_writes
from app.lib import htmx
from app.lib.secret_pages import guarded
from app.models import TokenPurpose
from app.policy import Ability
from app.services import address_change, signin
from app.services.attempts import TooManyAttempts


@bp.get("/account/address")
@requires(Ability.READ)
def address() -> ResponseReturnValue:
    """Show the form, or what still has to be confirmed."""
    return address_page(AddressForm(formdata=None))


@bp.post("/account/address")
@requires(Ability.READ)
def change_address() -> ResponseReturnValue:
    """Have a link sent to both ends; the answer is the same whoever has the new address."""
    form = AddressForm(own=current_user.email)
    if not form.validate_on_submit():
        return address_page(form), 422
    try:
        user = signin.find(current_user.email, form.current_password.data or "")
        if user is not None:
            address_change.ask(user, form.email.data or "")
    except TooManyAttempts:
        form.form_errors.append(_("There were too many attempts. Wait a while, then try again."))
        return address_page(form), 429
    if user is None:
        form.current_password.errors = [_("This is not your current password.")]
        return address_page(form), 422
    return htmx.see_other(request, url_for(".address"))


def address_page(form: AddressForm) -> str:
    return render_template(
        "account/address.html", form=form, change=address_change.pending(current_user)
    )


@bp.post("/account/address/cancel")
@requires(Ability.READ)
def cancel_address() -> ResponseReturnValue:
    """Keep the address that one has."""
    address_change.cancel(current_user)
    flash(_("Your e-mail address stays as it is."), "ok")
    return htmx.see_other(request, url_for(".address"))


@bp.get("/account/address/confirm/<token>")
@public
def confirm_address(token: str) -> ResponseReturnValue:
    """Ask whether it is meant. Looking does not use the link up."""
    found = address_change.found(token)
    if found is None:
        return over()
    return guarded(render_template("account/address_confirm.html", found=found, token=token))


@bp.post("/account/address/confirm/<token>")
@public
def confirmed_address(token: str) -> ResponseReturnValue:
    """Confirm one end; the address changes when both have."""
    mine = g.user_session.id if current_user.is_authenticated else None
    try:
        done = address_change.confirm(token, keep_session=mine)
    except address_change.Taken:
        keep_writes()
        return guarded(render_template("account/address_over.html", taken=True), 409)
    if done is None:
        return over()
    return guarded(render_template("account/address_done.html", done=done))


@bp.get("/account/address/cancel/<token>")
@public
def refuse_address(token: str) -> ResponseReturnValue:
    """Ask whether the change should not be made."""
    found = address_change.found(token)
    if found is None or found.purpose is not TokenPurpose.OLD_ADDRESS:
        return over()
    return guarded(render_template("account/address_refuse.html", found=found, token=token))


@bp.post("/account/address/cancel/<token>")
@public
def refused_address(token: str) -> ResponseReturnValue:
    """Let the old end stop the change: it was not they who asked."""
    found = address_change.found(token)
    if found is None or found.purpose is not TokenPurpose.OLD_ADDRESS:
        return over()
    address_change.cancel(found.user)
    return guarded(render_template("account/address_refused.html"))


def over() -> ResponseReturnValue:
    """Say that a link can no longer be used."""
    return guarded(render_template("account/address_over.html", taken=False), 410)
