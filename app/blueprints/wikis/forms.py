"""The forms of wiki pages."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import HiddenInput

from app.blueprints.wikis.branches import Branch, flatten
from app.extensions import db
from app.forms import REASON_LENGTH, TITLE_LENGTH, Line, Markdown, SubmissionKey, filled, keywords
from app.models import Standing, Theme, User, WikiPage
from app.queries.themes import specialists
from app.services import tags
from app.services.wikis import FIRST, NOTE_LENGTH, Facts, Version

LARGEST = 10**9 - 1
INDENT = "\u2003"
STANDINGS = {
    Standing.CONCEPT: _l("Concept: not agreed yet"),
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
    tags = Line(_l("Keywords"), [keywords, Length(max=600)])

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

    version = hidden_number()

    @classmethod
    def of(cls, page: WikiPage) -> "EditForm":
        """Return the form with the page as it is."""
        return cls(
            formdata=None, title=page.title, body=page.body, version=page.version,
            standing=page.standing.value, owner_id=page.owner_id,
            tags=", ".join(tag.name for tag in page.tags),
        )  # fmt: skip


class RestoreForm(FlaskForm):
    """An old version that becomes the newest."""

    note = Line(_l("Why?"), [Length(max=NOTE_LENGTH - 60)])
    version = hidden_number()


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


def parents(branches: list[Branch]) -> list[SelectChoice]:
    """Return the choices of a parent: none, or a page, indented as in the tree."""
    pages = [(page.id, INDENT * depth + page.title) for depth, page in flatten(branches)]
    return choices([("", _("On top of the theme")), *pages])
