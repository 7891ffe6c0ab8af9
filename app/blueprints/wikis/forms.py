"""The forms of wiki pages."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, Field, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import HiddenInput

from app.extensions import db
from app.forms import (
    REASON_LENGTH,
    TITLE_LENGTH,
    Line,
    Markdown,
    SubmissionKey,
    filled,
    keywords,
    parents,
)
from app.lib.branches import Branch
from app.lib.months import months_later
from app.models import Standing, Theme, User, WikiPage
from app.queries.themes import specialists
from app.services import tags
from app.services.standings import choosable, today
from app.services.wikis import FIRST, NOTE_LENGTH, Facts, Version

LARGEST = 10**9 - 1
FURTHEST = 120
"""Months within which someone looks at a page again, at the latest."""
STANDINGS = {
    Standing.CONCEPT: _l("Concept: not agreed yet"),
    Standing.OFFERED: _l("Offered: another specialist is asked to adopt it"),
    Standing.IN_FORCE: _l("In force: this is what we agreed"),
    Standing.EXPIRED: _l("Expired: this no longer holds"),
}


def optional_id(value: Any) -> int | None:
    """Read the value of a choice that may be empty."""
    return None if value in (None, "", "None") else int(value)


def hidden_number() -> IntegerField:
    """Return a hidden field with a whole number."""
    return IntegerField(validators=[InputRequired(), NumberRange(0, LARGEST)], widget=HiddenInput())


class PageForm(FlaskForm):
    """What every wiki page says."""

    title = Line(
        _l("Title"), [filled, Length(max=TITLE_LENGTH)], render_kw={"maxlength": TITLE_LENGTH}
    )
    body = Markdown(_l("Text"))
    note = Line(_l("What did you change?"), [Length(max=NOTE_LENGTH)])
    standing = SelectField(
        _l("Standing"),
        [InputRequired()],
        choices=[SelectChoice(key.value, label) for key, label in STANDINGS.items()],
        default=Standing.IN_FORCE.value,
    )
    owner_id = SelectField(_l("Owner"), coerce=optional_id, default="")
    review_on = DateField(_l("Look at it again before"), [Optional()])
    tags = Line(_l("Keywords"), [keywords, Length(max=600)])

    def offer_standings(self, theme: Theme, page: WikiPage | None = None) -> None:
        """Offer what one specialist can decide alone; with four eyes, being in force is not."""
        self.planned = page.review_on if page else None
        offered = choosable(theme, page)
        self.standing.choices = [SelectChoice(key.value, STANDINGS[key]) for key in offered]
        if not self.is_submitted() and page is None:
            first = Standing.IN_FORCE if Standing.IN_FORCE in offered else Standing.CONCEPT
            self.standing.data = first.value

    def validate_review_on(self, field: Field) -> None:
        """Refuse a day that has passed, unless it stood there already, and one out of reach."""
        day = field.data
        if day and day != self.planned and not today() < day <= months_later(today(), FURTHEST):
            raise ValidationError(_("Choose a day between tomorrow and ten years from now."))

    def offer_owners(self, theme: Theme, present: User | None = None) -> None:
        """Offer the specialists of the theme, and whoever is the owner now."""
        people = list(db.session.scalars(specialists(theme)))
        if present is not None and present not in people:
            people.append(present)
        self.owners = {person.id: person for person in people}
        self.owner_id.choices = choices([("", _("Nobody")), *((p.id, p.name) for p in people)])

    def version_by(self, author: User) -> Version:
        """Return what was written."""
        return Version(self.title.data, self.body.data, author, self.note.data or "")

    def facts(self) -> Facts:
        """Return what was chosen."""
        return Facts(
            standing=Standing(self.standing.data),
            owner=self.owners.get(self.owner_id.data),
            keywords=tags.split(self.tags.data or ""),
            review_on=self.review_on.data,
        )


class NewForm(PageForm):
    """A new page, at a place in one theme."""

    theme_id = hidden_number()
    parent_id = SelectField(_l("Stands under"), coerce=optional_id, default="")
    submission_key = SubmissionKey()

    def offer_places(self, branches: list[Branch]) -> None:
        """Offer the pages of the theme as parents."""
        self.parent_id.choices = parents(branches)


class EditForm(PageForm):
    """A changed page: `version` is the one that the editor saw."""

    reviewed = BooleanField(_l("I looked through the whole page: it is right"))
    version = hidden_number()

    @classmethod
    def of(cls, page: WikiPage) -> "EditForm":
        """Return the form with the page as it is."""
        return cls(
            formdata=None, title=page.title, body=page.body, version=page.version,
            standing=page.standing.value, owner_id=page.owner_id, review_on=page.review_on,
            tags=", ".join(tag.name for tag in page.tags),
        )  # fmt: skip


class RestoreForm(FlaskForm):
    """An old version that becomes the newest."""

    note = Line(_l("Why?"), [Length(max=NOTE_LENGTH - 60)])
    version = hidden_number()


class SendBackForm(FlaskForm):
    """A page that was offered becomes a concept again."""

    reason = Line(_l("Why?"), [filled, Length(max=REASON_LENGTH)])


class DoubtForm(FlaskForm):
    """What a reader says is no longer right; `version` is the one that they read."""

    line = Line(
        _l("What is no longer right?"),
        [filled, Length(max=NOTE_LENGTH)],
        render_kw={"maxlength": NOTE_LENGTH},
    )
    version = hidden_number()

    def about(self, page: WikiPage) -> "DoubtForm":
        """Refuse versions that a page does not have."""
        self.newest = page.version
        return self

    def validate_version(self, field: Field) -> None:
        """Refuse a version that there is not."""
        if field.data is not None and not 1 <= field.data <= self.newest:
            raise ValidationError(_("Open the page again, and try once more."))


class SettleForm(FlaskForm):
    """The answer to a doubt."""

    answer = Line(
        _l("Your answer"),
        [filled, Length(max=NOTE_LENGTH)],
        render_kw={"maxlength": NOTE_LENGTH},
    )


class MoveForm(FlaskForm):
    """Another place in the tree of a theme."""

    theme_id = hidden_number()
    parent_id = SelectField(_l("Stands under"), coerce=optional_id, default="")
    after_id = SelectField(_l("Comes after"), coerce=optional_id, default="")

    def offer_places(self, branches: list[Branch], siblings: Iterable[WikiPage]) -> None:
        """Offer the pages of the theme as parents, and the present siblings to come after."""
        self.parent_id.choices = parents(branches)
        after = [(page.id, _("After %(title)s", title=page.title)) for page in siblings]
        self.after_id.choices = choices([("", _("As last")), (FIRST, _("As first")), *after])


class ArchiveForm(FlaskForm):
    """A page that goes into the bin."""

    reason = Line(_l("Why?"), [Length(max=REASON_LENGTH)])


def choices(options: Iterable[tuple[int | str, str]]) -> list[SelectChoice]:
    """Return values with their labels as choices of a field."""
    return [SelectChoice(str(value), label) for value, label in options]
