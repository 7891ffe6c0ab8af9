"""Forms about what helped."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms.validators import Length

from app.forms import Line
from app.services.helped import LINE_LENGTH


class HowForm(FlaskForm):
    """A line about how something helped."""

    line = Line(
        _l("How did it help you?"),
        [Length(max=LINE_LENGTH, message=_l("Keep it to %(max)d characters."))],
    )
