"""The forms to change a reply."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import HiddenInput

from app.forms import REASON_LENGTH, Line, Markdown, filled

LARGEST_VERSION = 10**6


class EditForm(FlaskForm):
    """A changed reply: `version` is the one that the editor saw."""

    body = Markdown(_l("Your reply"))
    version = IntegerField(
        validators=[InputRequired(), NumberRange(1, LARGEST_VERSION)], widget=HiddenInput()
    )


class ModeratorEditForm(EditForm):
    """A reply changed by another than its writer: it needs a reason."""

    body = Markdown(_l("The reply"))
    reason = Line(
        _l("Reason"),
        [InputRequired(), filled, Length(max=REASON_LENGTH)],
        description=_l("The writer gets to see this reason."),
    )
