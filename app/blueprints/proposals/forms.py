"""What proposers and specialists fill in."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError
from wtforms.widgets import HiddenInput

from app.forms import (
    REASON_LENGTH,
    TITLE_LENGTH,
    Line,
    Markdown,
    SubmissionKey,
    Text,
    filled,
    optional_id,
    parents,
)
from app.lib.branches import Branch
from app.models import Theme, WikiPage
from app.services.proposals import Words
from app.services.wikis import NOTE_LENGTH

LARGEST = 10**9 - 1


def version_number() -> IntegerField:
    """Return a hidden field for the version of a page that someone saw."""
    return IntegerField(
        validators=[NumberRange(0, LARGEST)], default=0, widget=HiddenInput()
    )  # fmt: skip


class WordsForm(FlaskForm):
    """A title and a text for a page."""

    title = Line(
        _l("Title"), [filled, Length(max=TITLE_LENGTH)], render_kw={"maxlength": TITLE_LENGTH}
    )
    body = Markdown(_l("Text"))

    def words(self) -> Words:
        """Return what was written."""
        return Words(self.title.data, self.body.data)


class ProposalForm(WordsForm):
    """What all proposals have."""

    note = Line(_l("Why?"), [Length(max=NOTE_LENGTH)], render_kw={"maxlength": NOTE_LENGTH})
    submission_key = SubmissionKey()


class NewPageForm(ProposalForm):
    """A page that does not exist yet, for the wiki of a theme."""

    theme_id = SelectField(_l("Theme"), [InputRequired()], coerce=optional_id)

    def offer(self, themes: Sequence[Theme], chosen: int | None = None) -> None:
        """Fill in which themes there are."""
        self.themes = {theme.id: theme for theme in themes}
        options = [SelectChoice(theme.id, theme.name) for theme in themes]
        self.theme_id.choices = [SelectChoice("", _("Choose a theme")), *options]
        if chosen in self.themes:
            self.theme_id.data = chosen


class ChangeForm(ProposalForm):
    """Another text of a page; `version` is the one that the proposer saw."""

    version = version_number()

    def against(self, page: WikiPage) -> None:
        """Compare with the page as it is."""
        self.page = page

    def validate_body(self, field: Field) -> None:
        """Refuse a proposal in which nothing was changed."""
        if (self.title.data, field.data) == (self.page.title, self.page.body.replace("\r\n", "\n")):
            raise ValidationError(_("You did not change anything yet."))


class PlaceForm(FlaskForm):
    """Where a new page comes to stand, or of which version of its page a change was looked at."""

    parent_id = SelectField(_l("Stands under"), coerce=optional_id, default="")
    version = version_number()

    def offer_places(self, branches: Sequence[Branch]) -> None:
        """Offer the pages of the theme as parents."""
        self.parent_id.choices = parents(branches)


class AdaptForm(WordsForm, PlaceForm):
    """A proposal in other words."""


class DeclineForm(FlaskForm):
    """Why a proposal does not go into the wiki: the proposer reads this."""

    reason = Text(_l("Reason"), [InputRequired(), filled, Length(max=REASON_LENGTH)])
