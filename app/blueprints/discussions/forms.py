"""The form of a discussion."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import Field, IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError
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
    optional_id,
    preset,
)
from app.models import Discussion, Group, GroupKind
from app.policy import Ability, can, memberships_of, stopped_by_crisis
from app.queries.themes import themes
from app.services import tags
from app.services.discussions import Words

NOTE_LENGTH = 300
LARGEST_VERSION = 10**6


class DiscussionForm(FlaskForm):
    """What every discussion says. Choices of themes are read from the database."""

    is_question = RadioField(
        _l("What is it?"),
        [preset],
        choices=[
            SelectChoice("1", _l("A question: I would like an answer")),
            SelectChoice("0", _l("A topic: I would like to talk")),
        ],
        default="1",
    )
    title = Line(
        _l("Title"), [filled, Length(max=TITLE_LENGTH)], render_kw={"maxlength": TITLE_LENGTH}
    )
    body = Markdown(_l("Your text"))
    theme_id = SelectField(_l("Theme"), coerce=optional_id, default="")
    tags = Line(_l("Keywords"), [keywords, Length(max=600)])

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.theme_id:
            found = [SelectChoice(theme.id, theme.name) for theme in db.session.scalars(themes())]
            self.theme_id.choices = [SelectChoice("", _("No theme")), *found]

    def validate_theme_id(self, field: Field) -> None:
        """Refuse a theme in which nobody can write for a while."""
        if field.data and stopped_by_crisis(current_user, theme_id=field.data):
            raise ValidationError(_("Nobody can write in this theme for a while."))

    def words(self, present: Discussion | None = None) -> Words:
        """Return what was filled in; a form without theme leaves the present one."""
        kept = present.theme_id if present else None
        return Words(
            title=self.title.data or "",
            body=self.body.data or "",
            is_question=self.is_question.data == "1",
            theme_id=self.theme_id.data if self.theme_id else kept,
            keywords=tags.split(self.tags.data or ""),
        )


class StartForm(DiscussionForm):
    """A new discussion; who can read it is chosen once, before anyone replies."""

    group_id = SelectField(_l("Who can read this?"), [preset], coerce=optional_id, default="0")
    submission_key = SubmissionKey()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        everyone = SelectChoice("0", _("Everyone in the community"))
        self.group_id.choices = [everyone, *map(choice_of, own_groups())]

    def group(self) -> Group | None:
        """Return the chosen group."""
        return next((group for group in own_groups() if group.id == self.group_id.data), None)


def choice_of(group: Group) -> SelectChoice:
    """Return a group as an audience."""
    closed = group.kind is not GroupKind.OPEN
    label = _("Only the group %(name)s") if closed else _("Everyone, in the group %(name)s")
    return SelectChoice(group.id, label % {"name": group.name})


def own_groups() -> list[Group]:
    """Return the groups in which the person who writes can start something, by name."""
    mine = (membership.group for membership in memberships_of(current_user))
    groups = [group for group in mine if can(current_user, Ability.START_DISCUSSION, group)]
    return sorted(groups, key=lambda group: group.name.casefold())


class EditForm(DiscussionForm):
    """A changed discussion: `version` is the one that the editor saw."""

    note = Line(_l("What did you change?"), [Length(max=NOTE_LENGTH)])
    version = IntegerField(
        validators=[InputRequired(), NumberRange(0, LARGEST_VERSION)], widget=HiddenInput()
    )


class ModeratorEditForm(EditForm):
    """A discussion changed by another than its author: it needs a reason, and stays in its theme."""

    theme_id = None  # type: ignore[assignment]  # the way to leave an inherited field out
    note = None  # type: ignore[assignment]  # as above
    reason = Line(_l("Reason"), [filled, Length(max=REASON_LENGTH)])


class ConfirmForm(FlaskForm):
    """A form with nothing but its token."""
