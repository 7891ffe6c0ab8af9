"""What moderators fill in about a case of reports."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import DataRequired, Length, ValidationError

from app.forms import REASON_LENGTH, Text
from app.models import Attachment, Case, Comment, Content, User
from app.policy import Ability, can
from app.reporting import rule_choices
from app.services.cases import subject_of

HIDE = "hide"
DISMISSED = "dismissed"


class NoteForm(FlaskForm):
    """Something that only those who handle the case read."""

    note = Text(_l("A note"), [DataRequired(), Length(max=REASON_LENGTH)])


class HandOverForm(FlaskForm):
    """Which colleague goes on with a case."""

    to = SelectField(_l("To whom?"), [DataRequired()], coerce=int)
    message = Text(_l("Message"), [Length(max=REASON_LENGTH)])

    def offer(self, people: Sequence[User]) -> None:
        """Offer these people."""
        self.people = {person.id: person for person in people}
        self.to.choices = [SelectChoice(person.id, person.name) for person in people]


class EscalateForm(FlaskForm):
    """Why the community manager must decide."""

    why = Text(
        _l("Why should the community manager decide?"), [DataRequired(), Length(max=REASON_LENGTH)]
    )


class CloseForm(FlaskForm):
    """What a moderator decides about all reports of one subject."""

    decision = RadioField(_l("Your decision"), [DataRequired()])
    rule = SelectField(
        _l("House rule"),
        choices=lambda: [SelectChoice("", _("No rule in particular")), *rule_choices()],
        default="",
    )
    outcome = Text(_l("Answer to who reported it"), [DataRequired(), Length(max=REASON_LENGTH)])
    reason = Text(_l("Reason for the author"), [Length(max=REASON_LENGTH)])

    def fit(self, case: Case, user: User) -> None:
        """Offer what `user` can decide about this subject; the case must be loaded."""
        subject = subject_of(case)
        hides = []
        if isinstance(subject, Content | Comment):
            hides = [SelectChoice(HIDE, _("The report is right: hide it now"))]
        elif isinstance(subject, Attachment) and can(user, Ability.REMOVE_ATTACHMENT, subject):
            hides = [SelectChoice(HIDE, _("The report is right: remove the document now"))]
        self.decision.choices = [
            *hides,
            SelectChoice("upheld", _("The report is right, and has been dealt with")),
            SelectChoice(DISMISSED, _("It can stay as it is")),
        ]
        self.hides = bool(hides)

    def validate_reason(self, field: Text) -> None:
        """Ask a reason where something is hidden: its author is told."""
        if self.decision.data == HIDE and not (field.data or "").strip():
            raise ValidationError(_("Tell the author why it is hidden."))
