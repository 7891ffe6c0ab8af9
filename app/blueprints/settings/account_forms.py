"""What the administrator fills in about an account."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, Field, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import InputRequired, Length, ValidationError

from app.forms import REASON_LENGTH, Line, Text, filled, tidy_line
from app.lib import addresses
from app.models import Department

KEEP, FORGET = "keep", "forget"


class WorkForm(FlaskForm):
    """What someone does, and where."""

    job_title = Line(_l("Job title"), [Length(max=120)])
    department = SelectField(_l("Department"))

    def offer(self, departments: list[Department]) -> None:
        """Fill in what can be chosen."""
        self.department.choices = [
            SelectChoice("", "–"),
            *(SelectChoice(str(one.id), one.name) for one in departments),
        ]


class CloseForm(FlaskForm):
    """What stands beside the pieces of who leaves, and why the account is closed."""

    name_shown = RadioField(
        _l("What stands beside their pieces?"),
        [InputRequired(_l("Choose what stands beside their pieces."))],
        choices=[
            SelectChoice(KEEP, _l("Their name")),
            SelectChoice(FORGET, _l("“Former member”, without a name")),
        ],
    )
    reason = Text(_l("Reason"), [Length(max=REASON_LENGTH)])


class OpenForm(FlaskForm):
    """Opens an account as it was."""


class NamedOpenForm(OpenForm):
    """Opens an account of which the name was let go."""

    name = Line(_l("Name"), [InputRequired(), filled, Length(max=120)])


class AddressForm(FlaskForm):
    """Another address."""

    email = EmailField(
        _l("New e-mail address"), [InputRequired(), Length(max=254)], filters=[tidy_line]
    )

    def validate_email(self, field: Field) -> None:
        """Refuse what is no address, and keep it without capitals."""
        try:
            field.data = addresses.normal(field.data or "")
        except ValueError:
            raise ValidationError(_("This is not an e-mail address.")) from None
