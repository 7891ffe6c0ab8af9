"""Which rooms the community uses, and whether views are counted."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectMultipleField
from wtforms.fields.choices import Choice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput

from app.access import requires
from app.blueprints.settings.room import bp
from app.blueprints.settings.sections import save
from app.forms import preset
from app.policy import Ability
from app.site import CLOSABLE, site

ROOMS = {
    "wikis": _l("Wikis: what is agreed, written by theme specialists"),
    "groups": _l("Groups: conversations of some of the members"),
}


class OpenRooms(SelectMultipleField):
    """A box for each room, ticked while it is open; `data` has the rooms that are closed."""

    option_widget = CheckboxInput()
    unknown: Sequence[str] = ()

    def iter_choices(self) -> Iterator[Choice]:
        """Yield the rooms; those in use are ticked."""
        for room, label in ROOMS.items():
            yield Choice(room, label, room not in (self.data or ()), self.render_kw or {})

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read which boxes are ticked."""
        self.unknown = [room for room in valuelist if room not in CLOSABLE]
        self.data = [room for room in CLOSABLE if room not in valuelist]

    def pre_validate(self, _form: FlaskForm) -> None:
        """Refuse rooms that there are not."""
        if self.unknown:
            raise ValidationError(_("Choose from the list."))


class ModulesForm(FlaskForm):
    """The rooms that are open, and whether views are counted and shown."""

    modules_off = OpenRooms(_l("Which parts does your community use?"), [preset])
    show_views = BooleanField(_l("Count how many members read a discussion, and show it"))


@bp.route("/settings/modules", methods=["GET", "POST"])
@requires(Ability.CHANGE_SETTINGS)
def modules() -> ResponseReturnValue:
    """Open and close rooms."""
    return save("modules", ModulesForm(obj=site()))
