"""Whom to tell of a weakness, and until when that holds: what security.txt says."""

from datetime import date, timedelta
from urllib.parse import urlsplit

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, StringField
from wtforms.validators import Length, ValidationError
from wtforms.widgets import DateInput

from app.access import requires
from app.blueprints.settings.room import bp
from app.blueprints.settings.sections import save
from app.forms import Line, tidy_line
from app.lib.addresses import normal
from app.policy import Ability
from app.services import security_txt
from app.site import site


def contact(_form: FlaskForm, field: Field) -> None:
    """Refuse what is neither an e-mail address nor the address of a page."""
    if not field.data or is_page(field.data):
        return
    try:
        normal(field.data)
    except ValueError:
        raise ValidationError(
            _("Fill in an e-mail address, or the address of a page that starts with https://.")
        ) from None


def is_page(text: str) -> bool:
    """Tell whether this is the address of a page, in the signs that such an address may have."""
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return False
    plain = text.isascii() and text.isprintable() and not set(' "<>\\^`{|}') & set(text)
    return plain and parts.scheme == "https" and "." in host and "@" not in parts.netloc


def within_a_year(form: FlaskForm, field: Field) -> None:
    """Ask until when a contact holds, at most a year ahead; without a contact nothing holds."""
    if not form["security_contact"].data:
        field.data = ""
        return
    today = security_txt.today()
    try:
        fits = today < date.fromisoformat(field.data) <= today + security_txt.LONGEST
    except ValueError:
        fits = False
    if not fits:
        raise ValidationError(_("Choose a day from tomorrow until a year from now."))


class SecurityForm(FlaskForm):
    """The contact, and the last day on which it holds."""

    security_contact = Line(_l("Whom can people tell of a weakness?"), [contact, Length(max=200)])
    security_expires = StringField(
        _l("Until and including"), [within_a_year], filters=[tidy_line], widget=DateInput()
    )


@bp.route("/settings/security", methods=["GET", "POST"])
@requires(Ability.CHANGE_SETTINGS)
def security() -> ResponseReturnValue:
    """Change what security.txt says."""
    form = SecurityForm(obj=site())
    if not form.security_expires.data and not form.is_submitted():
        year = security_txt.today() + security_txt.LONGEST - timedelta(days=1)
        form.security_expires.data = year.isoformat()
    return save(
        "security", form, text=security_txt.present(), left=security_txt.days_left(),
        soon=security_txt.needs_renewal(),
    )  # fmt: skip
