"""What owners and the community manager fill in."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError

from app.blueprints.groups.room import KINDS, READERS, ROLES
from app.extensions import db
from app.forms import Line, Text
from app.models import Group, GroupKind, GroupRole, User
from app.queries.groups import called, with_name

NAME_LENGTH = 110
DESCRIPTION_LENGTH = 2000
LARGEST_ID = 999_999_999


def explained(kind: GroupKind) -> SelectChoice:
    """Return the choice for a kind of group, with what it means."""
    return SelectChoice(kind.value, f"{KINDS[kind]}. {READERS[kind]}")


class GroupForm(FlaskForm):
    """What a group is called, what it is for, and who can read it."""

    name = Line(_l("Name"), [DataRequired(), Length(max=NAME_LENGTH)])
    description = Text(_l("What is this group for?"), [Length(max=DESCRIPTION_LENGTH)])
    kind = RadioField(_l("Who can read it?"), [DataRequired()])

    def __init__(
        self, *args: Any, group: Group | None = None, kinds: tuple[GroupKind, ...] = tuple(GroupKind),
        **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **options)
        self.group = group
        self.kind.choices = [explained(kind) for kind in kinds]

    def validate_name(self, field: Line) -> None:
        """Refuse a name that the reader can see elsewhere: nobody could tell the two apart."""
        for other in db.session.scalars(with_name(current_user, field.data)):
            if other is not self.group:
                raise ValidationError(_("There is a group with this name already."))


class NewGroupForm(GroupForm):
    """A new group, with who will lead it."""

    owner = Line(_l("First owner: full name or e-mail address"), [DataRequired(), Length(max=254)])
    first_owner: User | None = None

    def validate_owner(self, field: Line) -> None:
        """Find the one person who is meant."""
        found = db.session.scalars(called(field.data)).all()
        if not found:
            raise ValidationError(_("No member has this name or address."))
        if len(found) > 1:
            raise ValidationError(_("Several members have this name. Use the e-mail address."))
        self.first_owner = found[0]


class RoleForm(FlaskForm):
    """What a member is within the group."""

    role = SelectField(
        _l("Role"),
        [InputRequired()],
        choices=lambda: [SelectChoice(role.value, label) for role, label in ROLES.items()],
        coerce=GroupRole,
    )


class AddForm(FlaskForm):
    """Who to add."""

    user_id = IntegerField(validators=[InputRequired(), NumberRange(1, LARGEST_ID)])


class ConfirmForm(FlaskForm):
    """A form with nothing but its token."""
