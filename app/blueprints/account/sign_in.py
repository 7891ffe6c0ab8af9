"""Signing in and out."""

from datetime import timedelta

from flask import flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_timedelta
from flask_babel import gettext as _
from flask_login import current_user, logout_user

from app.access import public
from app.blueprints.account.room import bp
from app.forms import SignInForm
from app.lib import kept
from app.lib.safe_redirect import safe_path
from app.services import sessions, signin
from app.services.attempts import TooManyAttempts
from app.templating import date


@bp.route("/login", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Sign in with e-mail address and password."""
    form = SignInForm(next=request.args.get("next", ""))
    if request.method != "POST":
        if current_user.is_authenticated:
            return redirect(destination(form), 303)
        return sign_in_page(form)
    previous = session.get("_user_id", "")
    if not form.validate():
        return sign_in_page(form, 422)
    try:
        user = signin.find(form.email.data or "", form.password.data or "")
    except TooManyAttempts as refusal:
        return too_many(form, refusal.wait)
    except signin.Suspended as suspended:
        form.form_errors.append(
            _(
                "You cannot sign in until and including %(date)s. Why that is, and how you can object,"
                " stands in the mail that you got.",
                date=date(suspended.until),
            )
        )
        return sign_in_page(form, 422)
    if user is None:
        form.form_errors.append(_("This e-mail address and password do not belong together."))
        return sign_in_page(form, 422)
    sessions.end(previous)
    sessions.begin(user)
    return onward(form)


def sign_in_page(form: SignInForm, status: int = 200) -> ResponseReturnValue:
    """Return the form; with what someone had written, if it came along."""
    return render_template("account/sign_in.html", form=form), status


def too_many(form: SignInForm, wait: timedelta) -> ResponseReturnValue:
    """Return the form with plain advice: wait, or have a link sent."""
    advice = _(
        "There were too many attempts. Wait %(time)s and try again, or have a link sent to choose"
        " a new password.",
        time=format_timedelta(wait),
    )
    form.form_errors = [advice]
    response = make_response(sign_in_page(form, 429))
    response.headers["Retry-After"] = str(int(wait.total_seconds()))
    return response


def onward(form: SignInForm) -> ResponseReturnValue:
    """Lead to where the person was going; what they had written is one click from being sent."""
    found = kept.read(form.kept.data)
    if found is None:
        return redirect(destination(form), 303)
    return render_template(
        "errors/resend.html",
        title=_("You are signed in again"),
        advice=_("Nothing is lost: your text is here. Send it once more."),
        path=found.path,
        fields=found.fields,
    )


def destination(form: SignInForm) -> str:
    """Return the own path that was asked for; the home page when there is none."""
    home = url_for("home.index")
    path = safe_path(form.next.data or None, home)
    return home if path.partition("?")[0] in {url_for(".sign_in"), url_for(".sign_out")} else path


@bp.post("/logout")
@public
def sign_out() -> ResponseReturnValue:
    """Sign out on this browser, at once."""
    sessions.end(session.get("_user_id", ""))
    logout_user()
    session.clear()
    flash(_("You are signed out."), "ok")
    return redirect(url_for(".sign_in"), 303)
