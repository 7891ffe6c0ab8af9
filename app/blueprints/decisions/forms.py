"""What is filled in about measures on people, notes and objections."""

from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from app.forms import REASON_LENGTH, Text, filled, today, within_a_year
from app.models import AppealState

LONGEST_APPEAL = 5000
FIRST_LENGTH = timedelta(days=7)


class ReasonForm(FlaskForm):
    """Why something is done: the person reads it."""

    reason = Text(_l("Reason"), [InputRequired(), filled, Length(max=REASON_LENGTH)])


class WarnForm(ReasonForm):
    """Why someone is warned, and by which house rule."""

    rule = SelectField(_l("House rule"))
    certain = BooleanField(_l("Yes, I choose this measure at once: it is that serious"))
    leap = False

    def offer(self, rules: list[str], *, leap: bool) -> None:
        """Fill in which house rules there are; a measure that skips a step is confirmed."""
        self.rule.choices = [
            SelectChoice("", _("No rule in particular")),
            *(SelectChoice(rule, rule) for rule in rules),
        ]
        self.leap = leap
        if not leap:
            del self.certain

    def validate_certain(self, field: BooleanField) -> None:
        """Ask twice before a heavy measure that nothing went before."""
        if self.leap and not field.data:
            raise ValidationError(_("A lighter measure comes first. Confirm that this is needed."))


class UntilForm(WarnForm):
    """The same, and until when it holds."""

    until = DateField(
        _l("Until and including"),
        [DataRequired(), within_a_year],
        default=lambda: today() + FIRST_LENGTH,
    )


class NoteForm(FlaskForm):
    """What a manager wants to remember of a member."""

    body = Text(_l("A note"), [InputRequired(), filled, Length(max=REASON_LENGTH)])


class AppealForm(FlaskForm):
    """Why someone does not agree with a decision."""

    body = Text(_l("Why do you not agree?"), [InputRequired(), filled, Length(max=LONGEST_APPEAL)])


class DecideForm(ReasonForm):
    """What becomes of an objection."""

    outcome = RadioField(
        _l("Your decision"),
        [InputRequired()],
        choices=[
            SelectChoice(AppealState.UPHELD.value, _l("The objection is right: take the measure back")),
            SelectChoice(AppealState.DISMISSED.value, _l("The measure stays as it is")),
        ],
    )  # fmt: skip
