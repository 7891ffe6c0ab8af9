"""A forgotten password: a link by mail, and the page behind it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import logout_user

from app.access import public
from app.blueprints.account.forms import ForgotForm, ResetForm
from app.blueprints.account.room import bp
from app.lib.passwords import hash_password
from app.lib.secret_pages import guarded
from app.services import credentials, password_reset
from app.services.attempts import TooManyAttempts


@bp.route("/password/forgot", methods=["GET", "POST"])
@public
def forgot() -> ResponseReturnValue:
    """Have a link sent; the answer is the same whether the address is known or not."""
    form = ForgotForm()
    if not form.is_submitted():
        return render_template("account/forgot.html", form=form)
    if not form.validate():
        return render_template("account/forgot.html", form=form), 422
    try:
        password_reset.ask(form.email.data or "")
    except TooManyAttempts:
        form.form_errors.append(
            _("There were too many requests. Look in your mail first, or try again in an hour.")
        )
        return render_template("account/forgot.html", form=form), 429
    return render_template("account/forgot_sent.html", email=form.email.data)


@bp.route("/password/reset/<token>", methods=["GET", "POST"])
@public
def reset(token: str) -> ResponseReturnValue:
    """Choose a new password with a mailed link. Looking at the page does not use the link up."""
    form = ResetForm()
    user = password_reset.holder(token)
    if user is None:
        return guarded(render_template("account/reset_over.html"), 410)
    if not form.is_submitted():
        return guarded(render_template("account/reset.html", form=form, token=token))
    chosen = form.new_password.data or ""
    if form.validate() and (objection := credentials.objection(user, chosen)):
        form.new_password.errors = [objection]
    if form.errors:
        return guarded(render_template("account/reset.html", form=form, token=token), 422)
    if password_reset.use(token, hash_password(chosen)) is None:
        return guarded(render_template("account/reset_over.html"), 410)
    logout_user()
    flash(_("Your password has been changed. Sign in with the new one."), "ok")
    return redirect(url_for(".sign_in"), 303)
