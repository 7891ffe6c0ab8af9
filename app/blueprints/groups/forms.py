"""What owners and the community manager fill in."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError

from app.blueprints.groups.room import KINDS, READERS, ROLES
from app.extensions import db
from app.forms import REASON_LENGTH, Line, Text, filled, optional_id, preset
from app.models import Group, GroupKind, GroupRole, Membership, Role, User
from app.policy import Ability, can
from app.queries.groups import called, with_name
from app.services.groups import Facts
from app.templating import role_label

NAME_LENGTH = 110
TEXT_LENGTH = 2000
LARGEST_ID = 999_999_999


def explained(kind: GroupKind) -> SelectChoice:
    """Return the choice for a kind of group, with what it means."""
    return SelectChoice(kind.value, f"{KINDS[kind]}. {READERS[kind]}")


EARNED = tuple(role for role in Role if role is not Role.MEMBER)


def choice_of(role: Role) -> SelectChoice:
    """Return a role as a choice."""
    return SelectChoice(role.value, role_label(role))


def said(field: Text) -> str:
    """Return a text without blank lines around it."""
    return (field.data or "").strip()


def optional_role(value: Any) -> Role | None:
    """Return the role of a choice; None for the empty one."""
    return Role(value) if value else None


class GroupForm(FlaskForm):
    """What a group is called, what it is for, and who can read it."""

    name = Line(_l("Name"), [DataRequired(), Length(max=NAME_LENGTH)])
    description = Text(_l("What is this group for?"), [Length(max=TEXT_LENGTH)])
    kind = RadioField(_l("Who can read it?"), [DataRequired()])
    welcome = Text(_l("Welcome message"), [Length(max=TEXT_LENGTH)])
    rules = Text(_l("Own rules"), [Length(max=TEXT_LENGTH)])
    question_text = Text(_l("What a new discussion begins with"), [Length(max=TEXT_LENGTH)])
    premoderated = BooleanField(_l("Look at new texts before others can read them"))
    auto_role = SelectField(
        _l("Who holds this role belongs to it by themselves"), [preset],
        choices=lambda: [SelectChoice("", _("No role")), *map(choice_of, EARNED)],
        coerce=optional_role, default="",
    )  # fmt: skip

    def __init__(
        self, *args: Any, group: Group | None = None, kinds: tuple[GroupKind, ...] = tuple(GroupKind),
        **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **options)
        self.group = group
        self.kind.choices = [explained(kind) for kind in kinds]
        if not can(current_user, Ability.MAKE_GROUP):
            del self.auto_role

    def facts(self) -> Facts:
        """Return what was filled in; a role that one does not choose stays as it is."""
        kept = self.group.auto_role if self.group else None
        return Facts(
            name=self.name.data, kind=GroupKind(self.kind.data),
            description=said(self.description), welcome=said(self.welcome),
            rules=said(self.rules), question_text=said(self.question_text),
            premoderated=bool(self.premoderated.data),
            auto_role=self.auto_role.data if self.auto_role else kept,
        )  # fmt: skip

    def validate_name(self, field: Line) -> None:
        """Refuse a name that the reader can see elsewhere: nobody could tell the two apart."""
        for other in db.session.scalars(with_name(current_user, field.data)):
            if other is not self.group:
                raise ValidationError(_("There is a group with this name already."))


class NewGroupForm(GroupForm):
    """A new group, with the two who will lead it."""

    owner = Line(_l("First owner: full name or e-mail address"), [DataRequired(), Length(max=254)])
    second_owner = Line(
        _l("Second owner: full name or e-mail address"), [DataRequired(), Length(max=254)]
    )

    first: User | None = None
    second: User | None = None

    @property
    def owners(self) -> list[User]:
        """Return who will lead the group."""
        return [person for person in (self.first, self.second) if person is not None]

    def validate_owner(self, field: Line) -> None:
        """Find the one person who is meant."""
        self.first = the_one_called(field.data)

    def validate_second_owner(self, field: Line) -> None:
        """Find another one: when one of two leaves, the group goes on."""
        self.second = the_one_called(field.data)
        if self.second is self.first:
            raise ValidationError(_("This is the same person. Choose a second one."))


def the_one_called(words: str) -> User:
    """Return the one person with this name or address; raises ValidationError otherwise."""
    found = db.session.scalars(called(words)).all()
    if not found:
        raise ValidationError(_("No member has this name or address."))
    if len(found) > 1:
        raise ValidationError(_("Several members have this name. Use the e-mail address."))
    return found[0]


class RoleForm(FlaskForm):
    """What a member is within the group."""

    role = SelectField(
        _l("Role"),
        [InputRequired()],
        choices=lambda: [SelectChoice(role.value, label) for role, label in ROLES.items()],
        coerce=GroupRole,
    )


class AddForm(FlaskForm):
    """Who to add or to invite."""

    user_id = IntegerField(validators=[InputRequired(), NumberRange(1, LARGEST_ID)])


class AskForm(FlaskForm):
    """Why someone would like to belong to a group."""

    message = Text(_l("Why would you like to join?"), [filled, Length(max=REASON_LENGTH)])


class ReasonForm(FlaskForm):
    """Why someone is not let in, or why a group goes into the archive."""

    reason = Text(_l("Reason"), [filled, Length(max=REASON_LENGTH)])


class LeaveForm(FlaskForm):
    """Who leads the group when an owner leaves it; for others a form with nothing but its token."""

    heir_id = SelectField(_l("Who takes over from you?"), [preset], coerce=optional_id, default="")

    def __init__(self, *args: Any, others: Sequence[Membership] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        people = [SelectChoice(other.user_id, other.user.name) for other in others]
        self.heir_id.choices = [SelectChoice("", _("Who is in the group longest")), *people]
        if not others:
            del self.heir_id


class ConfirmForm(FlaskForm):
    """A form with nothing but its token."""
