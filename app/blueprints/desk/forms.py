"""Handing a piece over, and asking someone to look at it."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import InputRequired, Length, ValidationError

from app.forms import Line, optional_id, preset, tidy_line
from app.models import User
from app.queries.copies import LARGEST
from app.queries.listing import Line as Row

MESSAGE_LENGTH = 300


class HandForm(FlaskForm):
    """Who will see to it, with a line if that helps."""

    to = SelectField(_l("Who sees to it"), [preset], coerce=optional_id)
    message = Line(_l("Message"), [Length(max=MESSAGE_LENGTH)])

    def offer(self, people: Iterable[User]) -> None:
        """Fill in who can be chosen."""
        found = [SelectChoice(person.id, person.name) for person in people]
        self.to.choices = [SelectChoice("", _("Choose someone")), *found]

    def validate_to(self, field: Field) -> None:
        """Ask for a person."""
        if field.data is None:
            raise ValidationError(_("Choose someone."))


class AskForm(FlaskForm):
    """Whom to ask, with a line why; `q` is what was searched for."""

    person = RadioField(
        _l("Whom do you ask?"), [InputRequired(_l("Choose someone."))], validate_choice=False
    )
    message = Line(_l("Message"), [Length(max=MESSAGE_LENGTH)])
    q = HiddenField(filters=[tidy_line])

    def offer(self, people: Iterable[Row]) -> None:
        """Fill in who is suggested, or was found."""
        self.person.choices = [SelectChoice(str(row.id), label_of(row)) for row in people]

    @property
    def person_id(self) -> int:
        """Return who was chosen; 0 for what is nobody's number."""
        chosen = self.person.data or ""
        return int(chosen) if chosen.isdecimal() and int(chosen) < LARGEST else 0


def label_of(row: Row) -> str:
    """Return a name with why this person may know."""
    reasons = [
        str(text)
        for mark, text in (
            ("specialist", _("specialist of this theme")),
            ("expert", _("names this as what they know")),
            ("talker", _("replies often in this theme")),
        )
        if getattr(row, mark, False)
    ]
    return f"{row.name} ({', '.join(reasons)})" if reasons else row.name
