"""How long data is kept; and the register of processing that the law asks for."""

from flask import Response
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from app.access import requires
from app.blueprints.settings.community import whole
from app.blueprints.settings.room import bp
from app.blueprints.settings.sections import save
from app.lib import csv_export
from app.lib.clock import local, now
from app.policy import Ability
from app.services import register
from app.site import site


class PrivacyForm(FlaskForm):
    """After how many days what has served is deleted."""

    keep_mail_days = whole(_l("Sent mail, in days"), "keep_mail_days")
    keep_notifications_days = whole(_l("Read notifications, in days"), "keep_notifications_days")
    keep_attempts_days = whole(_l("Attempts to sign in, in days"), "keep_attempts_days")
    keep_bin_days = whole(_l("Wiki pages in the bin, in days"), "keep_bin_days")


@bp.route("/settings/privacy", methods=["GET", "POST"])
@requires(Ability.CHANGE_SETTINGS)
def privacy() -> ResponseReturnValue:
    """Change how long data is kept."""
    return save("privacy", PrivacyForm(obj=site()))


@bp.get("/settings/privacy/register.csv")
@requires(Ability.CHANGE_SETTINGS)
def privacy_register() -> ResponseReturnValue:
    """Give the register of processing for a spreadsheet, with the terms as they are set now."""
    text = csv_export.write(register.rows(), register.headers())
    disposition = f'attachment; filename="register-{local(now()):%Y-%m-%d}.csv"'
    return Response(text, mimetype="text/csv", headers={"Content-Disposition": disposition})
