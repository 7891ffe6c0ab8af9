"""One's own account: password and sessions."""

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import requires
from app.blueprints.account.forms import PasswordForm
from app.blueprints.account.room import bp
from app.extensions import db
from app.lib.browsers import describe
from app.lib.passwords import hash_password
from app.models import UserSession
from app.policy import Ability
from app.queries.sessions import sessions_of
from app.services import credentials, sessions, signin
from app.services.attempts import TooManyAttempts


@bp.get("/account")
@requires(Ability.READ)
def index() -> ResponseReturnValue:
    """Show what one can arrange for oneself."""
    return render_template("account/index.html")


@bp.route("/account/security", methods=["GET", "POST"])
@requires(Ability.READ)
def security() -> ResponseReturnValue:
    """Change one's password, and see where one is signed in."""
    form = PasswordForm()
    if not form.is_submitted():
        return security_page(form)
    if not form.validate():
        return security_page(form, 422)
    chosen = form.new_password.data or ""
    if objection := credentials.objection(current_user, chosen):
        form.new_password.errors = [objection]
        return security_page(form, 422)
    return change_password(form, hash_password(chosen))


def change_password(form: PasswordForm, password_hash: str) -> ResponseReturnValue:
    """Change the password of who knows the present one; all other browsers are signed out."""
    try:
        user = signin.find(current_user.email, form.current_password.data or "")
    except TooManyAttempts:
        form.form_errors.append(_("There were too many attempts. Wait a while, then try again."))
        return security_page(form, 429)
    if user is None:
        form.current_password.errors = [_("This is not your current password.")]
        return security_page(form, 422)
    credentials.change(user, password_hash)
    sessions.begin(user)
    flash(_("Your password has been changed. All other browsers are signed out."), "ok")
    return redirect(url_for(".security"), 303)


def security_page(form: PasswordForm, status: int = 200) -> ResponseReturnValue:
    """Return the form, and the browsers that are signed in."""
    open_sessions = db.session.scalars(sessions_of(current_user.id)).all()
    return (
        render_template(
            "account/security.html",
            form=form,
            sessions=[(kept, browser_name(kept)) for kept in open_sessions],
            this_one=g.user_session.id,
        ),
        status,
    )


def browser_name(kept: UserSession) -> str:
    """Return what a session's browser is called: "Firefox on Windows"."""
    browser, system = describe(kept.browser)
    if browser and system:
        both: str = _("%(browser)s on %(system)s", browser=browser, system=system)
        return both
    return browser or system or str(_("Unknown browser"))


@bp.post("/account/security/sessions/<id:session_id>/end")
@requires(Ability.READ)
def end_session(session_id: int) -> ResponseReturnValue:
    """Sign one of one's other browsers out."""
    if session_id == g.user_session.id:
        abort(400)
    sessions.end_one(current_user.id, session_id)
    flash(_("That browser is signed out."), "ok")
    return redirect(url_for(".security"), 303)


@bp.post("/account/security/sessions/end")
@requires(Ability.READ)
def end_other_sessions() -> ResponseReturnValue:
    """Sign out everywhere but here."""
    sessions.end_all(current_user.id, keep=g.user_session.id)
    flash(_("All other browsers are signed out."), "ok")
    return redirect(url_for(".security"), 303)
