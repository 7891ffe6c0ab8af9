"""What the community manager fills in before, during and after a crisis."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import DataRequired, Length, Optional

from app.extensions import db
from app.forms import REASON_LENGTH, Line, Text, filled, within_a_year
from app.models import CrisisMode
from app.queries.crises import groups_of
from app.queries.themes import themes
from app.services.crises import Plan

BANNER_LENGTH = 300
LONGEST = 10_000
ALL = "all"
MODES = {
    CrisisMode.BANNER: _l("Only a message: everything goes on as always"),
    CrisisMode.PREMODERATION: _l(
        "A moderator looks first: what members write is shown once it is approved"
    ),
    CrisisMode.READ_ONLY: _l("Only reading: members cannot write; moderators can"),
}


class StartForm(FlaskForm):
    """What changes, where, what members read, and why."""

    mode = RadioField(
        _l("What changes?"),
        [DataRequired()],
        choices=[SelectChoice(mode.value, label) for mode, label in MODES.items()],
    )
    place = SelectField(_l("Where?"), [DataRequired()], default=ALL)
    banner = Line(_l("Message to the members"), [filled, Length(max=BANNER_LENGTH)])
    reason = Text(_l("Why?"), [filled, Length(max=REASON_LENGTH)])

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.themes = {f"theme-{each.id}": each for each in db.session.scalars(themes())}
        self.groups = {f"group-{each.id}": each for each in groups_of(current_user)}
        self.place.choices = [
            SelectChoice(ALL, _l("Everywhere")),
            # No lazy texts: those count as safe, and would put a name in the page as markup.
            *(
                SelectChoice(key, _("Theme: %(name)s", name=t.name))
                for key, t in self.themes.items()
            ),
            *(
                SelectChoice(key, _("Group: %(name)s", name=g.name))
                for key, g in self.groups.items()
            ),
        ]

    def plan(self) -> Plan:
        """Return what was chosen."""
        return Plan(
            CrisisMode(self.mode.data), self.banner.data, self.reason.data.strip(),
            self.themes.get(self.place.data), self.groups.get(self.place.data),
        )  # fmt: skip


class NoteForm(FlaskForm):
    """What was done."""

    text = Text(_l("What was done?"), [filled, Length(max=REASON_LENGTH)])


class ReportForm(FlaskForm):
    """How it went, for the next time."""

    report = Text(_l("What happened, and what do we learn?"), [filled, Length(max=LONGEST)])


class PrepareForm(FlaskForm):
    """What must be ready before anything happens."""

    call_list = Text(_l("Who to call"), [Length(max=LONGEST)])
    review_on = DateField(
        _l("Day on which we look again at how we moderate"), [Optional(), within_a_year]
    )
