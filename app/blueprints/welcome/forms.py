"""The forms of the first day."""

from flask import request, url_for
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, IntegerField, SelectMultipleField
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import HiddenInput

from app.forms import Line, PersonForm, filled
from app.lib.safe_redirect import safe_path
from app.services.welcome import Stage

LARGEST_VERSION = 10**6


def asked_next() -> str:
    """Return where the person was going, as the address says."""
    return request.args.get("next", "")


def own_path(value: str | None) -> str:
    """Return a path of our own as it is; nothing for what leads elsewhere."""
    return safe_path(value, "")


class OnwardForm(FlaskForm):
    """A step of the first day: `next` is where the person was going when it began."""

    next = HiddenField(default=asked_next, filters=[own_path])

    def destination(self) -> str:
        """Return the own path to which the person was going; the home page when there is none."""
        return self.next.data or url_for("home.index")

    def step(self, stage: Stage) -> str:
        """Return the address of another step; it leads on to the same destination."""
        return url_for(f"welcome.{stage}", next=self.next.data or None)


class AgreeForm(OnwardForm):
    """The house rules as they were shown, and what was written before they came between."""

    version = IntegerField(
        validators=[InputRequired(), NumberRange(0, LARGEST_VERSION)], widget=HiddenInput()
    )
    kept = HiddenField()
    agree = BooleanField(
        _l("I have read the house rules and will keep to them"),
        [InputRequired(_l("Tick this if you agree with the house rules."))],
    )


class ProfileForm(OnwardForm, PersonForm):
    """What others see of a new member; the page of one's profile has more."""

    job_title = Line(_l("Job title"), [InputRequired(), filled, Length(max=120)])


class ThemesForm(OnwardForm):
    """The themes that a new member follows."""

    themes = SelectMultipleField(_l("Themes"), coerce=int)
