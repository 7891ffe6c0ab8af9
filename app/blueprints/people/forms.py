"""Granting and withdrawing roles."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import InputRequired, Length, ValidationError

from app.forms import REASON_LENGTH, Text, filled
from app.models import Role, Theme
from app.templating import role_label

GIVEN = [role for role in Role if role not in {Role.MEMBER, Role.ADMINISTRATOR}]


class ReasonForm(FlaskForm):
    """Why a role changes: the person reads it."""

    reason = Text(_l("Reason"), [InputRequired(), filled, Length(max=REASON_LENGTH)])


class GrantForm(ReasonForm):
    """Which role, and of a specialist in which theme."""

    role = SelectField(_l("Role"), [InputRequired()])
    theme = SelectField(_l("Theme"))

    def validate_theme(self, field: Field) -> None:
        """Ask a specialist's theme; other roles have none."""
        if self.role.data == Role.SPECIALIST and not field.data:
            raise ValidationError(_("Choose the theme in which this person is a specialist."))

    def offer(self, themes: list[Theme]) -> None:
        """Fill in what can be chosen."""
        self.role.choices = [SelectChoice(role.value, role_label(role)) for role in GIVEN]
        self.theme.choices = [
            SelectChoice("", "–"),
            *(SelectChoice(str(theme.id), theme.name) for theme in themes),
        ]
