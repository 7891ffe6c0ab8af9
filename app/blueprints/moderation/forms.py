"""What moderators fill in."""

from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from app.blueprints.moderation.measure_forms import MeasureForm
from app.forms import Line, Text, tidy_line
from app.lib.blackout import FEWEST, pattern_of, weight
from app.services.log_words import ACTIONS

MOST_WORDS = 200


class RedactForm(MeasureForm):
    """What must become unreadable, as it stands in the text."""

    words = Line(
        _l("What must become unreadable?"),
        [DataRequired(), Length(max=MOST_WORDS)],
        render_kw={"autocomplete": "off"},
    )

    def validate_words(self, field: Line) -> None:
        """Refuse what is so short that it stands in any text."""
        if field.data and weight(field.data) < FEWEST:
            raise ValidationError(_("Fill in at least %(num)d letters or digits.", num=FEWEST))

    def validate_reason(self, field: Text) -> None:
        """Keep what must go out of the log."""
        words = self.words.data or ""
        if weight(words) >= FEWEST and pattern_of(words).search(field.data or ""):
            raise ValidationError(_("Do not repeat it here: this is kept in the log."))


SUBJECTS: dict[str, LazyString] = {
    "proposal": _l("Proposal"),
    "template": _l("Text to begin with"),
    "discussion": _l("Discussion"),
    "wiki": _l("Wiki page"),
    "comment": _l("A reply"),
    "user": _l("Member"),
    "group": _l("Group"),
    "attachment": _l("Document"),
    "crisis": _l("Crisis"),
    "tag": _l("Keyword"),
    "theme": _l("Theme"),
    "department": _l("Department"),
    "page": _l("Standing page"),
}


class LogFilter(FlaskForm):
    """Which rows of the log to show; all fields may stay empty."""

    class Meta:
        """A search changes nothing: it needs no token."""

        csrf = False

    action = SelectField(
        _l("Action"), choices=lambda: labelled(ACTIONS), validate_choice=False, filters=[tidy_line]
    )
    kind = SelectField(
        _l("Subject"),
        choices=lambda: labelled(SUBJECTS),
        validate_choice=False,
        filters=[tidy_line],
    )
    actor = Line(_l("By whom"), [Length(max=120)])
    q = Line(_l("Title or reason"), [Length(max=120)])
    person = Line(_l("By or about this member"), [Length(max=120)])
    group = SelectField(_l("Group"), choices=(), validate_choice=False, filters=[tidy_line])
    since = DateField(_l("From this day on"), [Optional()])
    until = DateField(_l("Until and including"), [Optional()])


def labelled(labels: dict[Any, Any]) -> list[SelectChoice]:
    """Return the choices of a filter, "all" in front."""
    found = [SelectChoice(str(key), label) for key, label in labels.items()]
    return [SelectChoice("", _("All")), *found]
