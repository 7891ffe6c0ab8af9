"""The forms of measures: each asks a reason, and offers the house rule that it rests on."""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import DateField, Field, SelectField, TimeField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from app.extensions import db
from app.forms import REASON_LENGTH, Text, preset, today, within_a_year
from app.lib.clock import AMSTERDAM, now
from app.models import Comment, Content, Group, Theme
from app.queries.groups import places_for
from app.queries.house_rules import articles
from app.queries.themes import themes
from app.services import moderation, moving
from app.services.activity import Grounds
from app.services.moving import Refusal

Subject = Content | Comment
PINNED_FOR = timedelta(days=14)
NOWHERE = 0
"""The value of "no theme" and "no group"."""
PACES = (5, 15, 30, 60, 240, 1440)
MINUTES_AN_HOUR = 60
REFUSALS = {
    Refusal.MORE_READERS: _l(
        "This stands in a closed group. Elsewhere more people could read it than its writers knew. Leave it in this group."
    ),
    Refusal.NOT_OF_AUTHOR: _l(
        "The author is not in this group, and could no longer read it. Ask the group to let the author in first."
    ),
    Refusal.NOT_OF_MOVER: _l("You are not in this group yourself."),
    Refusal.ARCHIVED: _l("This group is in the archive: nothing is added to it."),
}


def rules() -> list[SelectChoice]:
    """Return the articles of the house rules in force, "none" in front."""
    found = (SelectChoice(article.label, article.label) for article in articles())
    return [SelectChoice("", _("No rule in particular")), *found]


class MeasureForm(FlaskForm):
    """Why a measure is taken: it is told to the author and kept in the log."""

    rule = SelectField(_l("House rule"), choices=rules, default="")
    reason = Text(_l("Reason"), [DataRequired(), Length(max=REASON_LENGTH)])

    def fit(self, subject: Subject) -> None:
        """Offer what suits this subject."""

    @property
    def because(self) -> str:
        """Return the reason as the author reads it."""
        return str(self.reason.data).strip()

    @property
    def grounds(self) -> Grounds:
        """Return the house rule on which the measure rests, if one was chosen."""
        return Grounds(rule=self.rule.data or "")


class LockForm(MeasureForm):
    """Why nobody can reply for now, and until when."""

    until = DateField(_l("Until and including"), [Optional(), within_a_year])


def pace(minutes: int) -> str:
    """Return a number of minutes as people say it."""
    if minutes < MINUTES_AN_HOUR:
        return str(ngettext("%(num)d minute", "%(num)d minutes", minutes))
    return str(ngettext("%(num)d hour", "%(num)d hours", minutes // MINUTES_AN_HOUR))


class SlowForm(MeasureForm):
    """How long members wait between two replies, and until when."""

    minutes = SelectField(
        _l("Time between two replies of one member"),
        [InputRequired()],
        coerce=int,
        choices=lambda: [SelectChoice(number, pace(number)) for number in PACES],
        default=15,
    )
    until = DateField(_l("Until and including"), [Optional(), within_a_year])
    until_time = TimeField(_l("Until what time that day"), [Optional()])

    def validate_until_time(self, field: Field) -> None:
        """Refuse a time without a day, and one that has passed."""
        if field.data is None:
            return
        if self.until.data is None:
            raise ValidationError(_("Choose the day as well."))
        if self.end is not None and self.end <= now():
            raise ValidationError(_("Choose a time that is still to come."))

    @property
    def end(self) -> datetime | None:
        """Return when it ends by itself; None when a moderator ends it."""
        if self.until.data is None:
            return None
        if self.until_time.data is None:
            return moderation.end_of(self.until.data)
        return datetime.combine(self.until.data, self.until_time.data, AMSTERDAM)


class PinForm(MeasureForm):
    """Why a piece stands on top, and until when."""

    until = DateField(
        _l("Until and including"),
        [DataRequired(), within_a_year],
        default=lambda: today() + PINNED_FOR,
    )


def audience_of(group: Group) -> str:
    """Return who can read what stands in a group."""
    label = (
        _("Everyone, in the group %(name)s")
        if moving.is_open(group)
        else _("Only the group %(name)s")
    )
    return str(label % {"name": group.name})


class MoveForm(MeasureForm):
    """In which theme a discussion belongs."""

    theme = SelectField(_l("Theme"), [InputRequired()], coerce=int)

    def fit(self, subject: Subject) -> None:
        """Offer the themes in use, and the present one first."""
        self.offer_themes(subject)

    def offer_themes(self, subject: Subject | None = None) -> None:
        """Offer the themes in use; `subject` begins in its own, and may have none."""
        self.themes: dict[int, Theme | None] = {
            theme.id: theme for theme in db.session.scalars(themes())
        }
        present = subject.theme if isinstance(subject, Content) else None
        if present is not None:
            self.themes[present.id] = present
        elif subject is not None:
            self.themes = {NOWHERE: None, **self.themes}
        self.theme.choices = [
            SelectChoice(key, theme.name if theme else _("No theme"))
            for key, theme in self.themes.items()
        ]
        begin(self.theme, present.id if present else NOWHERE)

    @property
    def chosen(self) -> Theme | None:
        """Return the theme that was chosen."""
        return self.themes[self.theme.data]


class PlaceForm(MoveForm):
    """In which theme and group a discussion belongs."""

    group = SelectField(
        _l("Who can read it after this?"), [preset], coerce=int, validate_choice=False
    )

    def fit(self, subject: Subject) -> None:
        """Offer the themes and groups where it can go, and where it stands."""
        assert isinstance(subject, Content)
        self.subject = subject
        self.offer_themes(subject)
        self.groups: dict[int, Group | None] = {
            group.id: group for group in db.session.scalars(places_for(current_user, subject))
        }
        here = subject.group
        if moving.is_open(here) or here is None:
            self.groups = {NOWHERE: None, **self.groups}
        if here is not None:
            self.groups[here.id] = here
        fixed = here is not None and not moving.is_open(here)
        self.group.choices = [
            SelectChoice(key, audience_of(group) if group else _("Everyone in the community"))
            for key, group in self.groups.items()
            if not fixed or group is here
        ]
        begin(self.group, here.id if here else NOWHERE)

    def validate_group(self, field: Field) -> None:
        """Refuse a group in which others could read it, or its author could not."""
        if field.data not in self.groups:
            raise ValidationError(_("Choose one of the groups in the list."))
        reason = moving.refusal(self.subject, self.groups[field.data], current_user)
        if reason is not None:
            raise ValidationError(str(REFUSALS[reason]))

    @property
    def place(self) -> Group | None:
        """Return the group that was chosen; None: outside all."""
        return self.groups[self.group.data]


def begin(field: Any, value: int) -> None:
    """Let a choice begin with a value, unless something was sent."""
    if not field.raw_data:
        field.data = value
