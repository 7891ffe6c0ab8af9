"""The forms of standing pages."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import HiddenInput

from app.forms import TITLE_LENGTH, Line, Markdown, filled
from app.queries.pages import RULES, PageText
from app.services.pages import NOTE_LENGTH

LARGEST_VERSION = 10**6


class VersionForm(FlaskForm):
    """What is said of a new version; `version` is the one that was opened."""

    note = Line(_l("What did you change?"), [Length(max=NOTE_LENGTH)])
    version = IntegerField(
        validators=[InputRequired(), NumberRange(1, LARGEST_VERSION)], widget=HiddenInput()
    )


class RulesVersionForm(VersionForm):
    """A new version of the house rules: members read what changed before they accept it."""

    note = Line(_l("What did you change?"), [filled, Length(max=NOTE_LENGTH)])
    minor = BooleanField(_l("Only spelling or wording: members need not accept the rules again"))


class PageForm(VersionForm):
    """The text of a page."""

    title = Line(
        _l("Title"), [filled, Length(max=TITLE_LENGTH)], render_kw={"maxlength": TITLE_LENGTH}
    )
    body = Markdown(_l("Text"))


class RulesForm(PageForm, RulesVersionForm):
    """The text of the house rules."""


def page_form(text: PageText, *, filled_in: bool) -> PageForm:
    """Return the form of a page as it was sent in, or with the text as it is now."""
    form = RulesForm if text.name == RULES else PageForm
    if filled_in:
        return form()
    return form(formdata=None, title=text.title, body=text.body, version=text.number)


def version_form(text: PageText, *, filled_in: bool) -> VersionForm:
    """Return the form with which an old version of a page becomes the newest."""
    form = RulesVersionForm if text.name == RULES else VersionForm
    return form() if filled_in else form(formdata=None, version=text.number)
