"""Mail that did not leave: what went wrong, and another try."""

from flask import abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from flask_wtf import FlaskForm

from app.access import requires
from app.blueprints.settings.room import bp
from app.blueprints.settings.sections import plain_page
from app.extensions import db
from app.lib import htmx
from app.lib.keyset import BadCursorError
from app.models import OutgoingMail
from app.policy import Ability
from app.queries.mail import FAILED, failed, numbers
from app.services import outbox


class AgainForm(FlaskForm):
    """The token that a button needs."""


@bp.get("/settings/mail/failed")
@requires(Ability.CHANGE_SETTINGS)
def mail_failed() -> ResponseReturnValue:
    """List the mail that was given up: to whom and about what, never its text."""
    try:
        page = FAILED.page(failed(), request.args.get("after"), request.args.get("before"))
    except BadCursorError:
        abort(404)
    waiting, number = db.session.execute(numbers()).one()
    return plain_page("mail_failed", "mail", page=page, waiting=waiting, failed=number)


@bp.post("/settings/mail/failed")
@requires(Ability.CHANGE_SETTINGS)
def retry_all_mail() -> ResponseReturnValue:
    """Try all of it again."""
    return again(None)


@bp.post("/settings/mail/failed/<id:mail_id>")
@requires(Ability.CHANGE_SETTINGS)
def retry_mail(mail_id: int) -> ResponseReturnValue:
    """Try one of them again."""
    if db.session.scalar(failed().where(OutgoingMail.id == mail_id)) is None:
        abort(404)
    return again(mail_id)


def again(mail_id: int | None) -> ResponseReturnValue:
    """Let mail wait for its turn once more, and go back to the list."""
    if not AgainForm().validate_on_submit():
        abort(400)
    number = outbox.try_again(mail_id)
    flash(ngettext("%(num)d mail is tried again.", "%(num)d mails are tried again.", number), "ok")
    return htmx.see_other(request, url_for(".mail_failed"))
