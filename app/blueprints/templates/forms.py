"""The form of a text to begin with."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import InputRequired, Length

from app.extensions import db
from app.forms import Line, Markdown, filled, optional_id
from app.models import Theme
from app.queries.templates import ROOMS
from app.queries.themes import themes
from app.services.templates import Words
from app.site import site

NAME_LENGTH, DESCRIPTION_LENGTH = 120, 300


class EditForm(FlaskForm):
    """A text to begin with, and for which theme it is."""

    name = Line(_l("Name"), [InputRequired(), filled, Length(max=NAME_LENGTH)])
    description = Line(_l("When to use it"), [Length(max=DESCRIPTION_LENGTH)])
    theme_id = SelectField(_l("Theme"), coerce=optional_id, default="")
    body = Markdown(_l("Text"))

    def offer(self, present: Theme | None = None) -> None:
        """Fill in which themes can be chosen: those in use, and the present one."""
        found = {theme.id: theme for theme in db.session.scalars(themes())}
        if present is not None:
            found.setdefault(present.id, present)
        self.themes: dict[Any, Theme] = dict(found)
        chosen = [SelectChoice(theme.id, theme.name) for theme in found.values()]
        self.theme_id.choices = [SelectChoice("", _("All themes")), *chosen]

    def words(self) -> Words:
        """Return what was filled in."""
        theme = self.themes.get(self.theme_id.data)
        return Words(self.name.data, self.description.data, self.body.data, theme)


class NewForm(EditForm):
    """A new text, for one room."""

    folder = SelectField(_l("For what?"), [InputRequired()])

    def offer(self, present: Theme | None = None) -> None:
        """Offer the rooms that are open as well."""
        super().offer(present)
        closed = site().modules_off
        self.folder.choices = [
            SelectChoice(room, label) for room, label in ROOMS.items() if room not in closed
        ]
