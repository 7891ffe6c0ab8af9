"""The page behind the link of an invitation. Looking at it does not use the link up."""

from flask import render_template, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.access import public
from app.blueprints.entry.forms import AcceptForm
from app.blueprints.entry.room import bp
from app.lib import htmx
from app.lib.passwords import hash_password
from app.lib.secret_pages import guarded
from app.services import credentials, invitations, sessions

WELCOME = "/welcome"


@bp.route("/invitations/<token>", methods=["GET", "POST"])
@public
def accept(token: str) -> ResponseReturnValue:
    """Choose a name and a password, and be in. The address is that of the invitation."""
    invitation = invitations.usable(token)
    if invitation is None:
        return over()
    if current_user.is_authenticated:
        html = render_template("entry/someone_else.html", invitation=invitation)
        return guarded(html, 409)
    form = AcceptForm(name=invitation.name)
    if not form.is_submitted():
        return page(form, token)
    return come_in(form, token, invitation.email)


def come_in(form: AcceptForm, token: str, email: str) -> ResponseReturnValue:
    """Make the account and sign in, or show the form with what is not right yet."""
    chosen = form.password.data or ""
    if form.validate() and (objection := credentials.objection_for(form.name.data, email, chosen)):
        form.password.errors = [objection]
    if form.errors:
        return page(form, token, 422)
    user = invitations.accept(token, form.name.data, hash_password(chosen))
    if user is None:
        return over()
    sessions.end(session.get("_user_id", ""))
    sessions.begin(user)
    return htmx.see_other(request, WELCOME)


def page(form: AcceptForm, token: str, status: int = 200) -> ResponseReturnValue:
    """Return the form with whose invitation it is, as it stands now."""
    invitation = invitations.usable(token)
    if invitation is None:
        return over()
    html = render_template("entry/accept.html", form=form, token=token, invitation=invitation)
    return guarded(html, status)


def over() -> ResponseReturnValue:
    """Say the same of every link that cannot be used, whatever the reason."""
    return guarded(render_template("entry/over.html"), 410)
