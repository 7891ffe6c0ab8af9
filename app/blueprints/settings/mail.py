"""By which server mail leaves; tried before it is saved."""

from typing import Any
from urllib.parse import urlsplit

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import requires
from app.blueprints.settings.mail_form import MailForm, TestForm
from app.blueprints.settings.room import bp
from app.blueprints.settings.sections import lock_fixed, page, save
from app.extensions import db
from app.lib import htmx
from app.lib.mailer import Server
from app.policy import Ability
from app.queries.mail import numbers
from app.services import mail_password, mail_server, mail_test
from app.services.attempts import TooManyAttempts
from app.site import site


@bp.route("/settings/mail", methods=["GET", "POST"])
@requires(Ability.CHANGE_SETTINGS)
def mail() -> ResponseReturnValue:
    """Change the mail server; show where mail goes when the environment decides that."""
    if mail_server.by_environment():
        status = 409 if request.method == "POST" else 200
        return page("mail", TestForm(formdata=None, recipient=own()), status, **shown())
    form = MailForm(obj=site(), recipient=own())

    def keep_password() -> bool:
        return mail_password.change(form.password_wanted(), current_user)

    return save("mail", form, keep_password, **shown())


@bp.post("/settings/mail/test")
@requires(Ability.CHANGE_SETTINGS)
def test_mail() -> ResponseReturnValue:
    """Send a mail with what is filled in, before it is saved, and tell what happened."""
    fixed = mail_server.by_environment()
    form = TestForm() if fixed else MailForm(obj=site())
    form.tests = True
    lock_fixed(form)
    if not form.validate():
        return answer(form, 422)
    recipient = form.recipient.data
    server, sender = door_of(form)
    if server is None:
        form.form_errors.append(_("KRING_MAIL_URL names no mail server."))
        return answer(form, 422)
    try:
        wrong = mail_test.try_out(server, sender, recipient, current_user)
    except TooManyAttempts:
        form.form_errors.append(_("You tried this often. Wait an hour, then try again."))
        return answer(form, 429)
    return answer(form, wrong=wrong, sent_to="" if wrong else recipient)


def door_of(form: TestForm) -> tuple[Server | None, str]:
    """Return the server to try and the sender."""
    if isinstance(form, MailForm):
        return form.server(), form.mail_from.data or mail_server.sender()
    return mail_server.present(), mail_server.sender()


def answer(form: TestForm, status: int = 200, **told: str) -> ResponseReturnValue:
    """Return what came of a test: under its button, or on the page as it was filled in."""
    told = {"wrong": "", "sent_to": "", **told}
    if htmx.is_htmx(request):
        return render_template("settings/_mail_test.html", form=form, **told), status
    return page("mail", form, status, **{**shown(), **told})


def shown() -> dict[str, Any]:
    """Return what the page tells beside the form."""
    url = current_app.config["MAIL_URL"]
    waiting, failed = db.session.execute(numbers()).one()
    return {
        "environment": f"{urlsplit(url).scheme}://{urlsplit(url).hostname}" if url else "",
        "sender": mail_server.sender(), "password_kept": bool(mail_server.password()),
        "waiting": waiting, "failed": failed, "wrong": "", "sent_to": "",
    }  # fmt: skip


def own() -> str:
    """Return the address of who asks."""
    address: str = current_user.email
    return address
