"""Renaming, merging and deleting keywords."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field
from wtforms.validators import DataRequired, ValidationError

from app.forms import Line
from app.models import Tag, User
from app.queries.tags import known
from app.services import tags


def a_keyword(_form: FlaskForm, field: Field) -> None:
    """Refuse what could not be typed as one keyword below a piece."""
    if "," in field.data:
        raise ValidationError(_("A keyword has no comma: that stands between two of them."))
    if not tags.is_possible(field.data):
        raise ValidationError(_("A keyword has 2 to 60 characters, with a letter or a digit."))


class RenameForm(FlaskForm):
    """What a keyword is called from now on."""

    name = Line(_l("New name"), [DataRequired(), a_keyword])


class MergeForm(FlaskForm):
    """Which keyword stays."""

    into = Line(_l("Keyword that stays"), [DataRequired(), a_keyword])

    def among(self, tag: Tag, reader: User) -> "MergeForm":
        """Look among the keywords that `reader` may know of, but for the one that goes."""
        self.tag, self.reader = tag, reader
        return self

    def validate_into(self, field: Field) -> None:
        """Refuse the keyword itself, and one that there is not."""
        slug = tags.slug_of(field.data)
        named = tags.by_slug([slug]).get(slug)
        if named is self.tag:
            raise ValidationError(_("This is the same keyword. Choose another one."))
        if named is None or not known(named, self.reader):
            raise ValidationError(_("There is no keyword with this name."))
        self.chosen = named


class DeleteForm(FlaskForm):
    """The token that a confirmation needs."""
