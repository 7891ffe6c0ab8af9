"""Inviting, coming in by an invitation, asking to be let in, and deciding about that."""

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, Field, PasswordField
from wtforms.validators import InputRequired, Length, ValidationError

from app.forms import Line, Text, filled, tidy_line
from app.lib import addresses
from app.services import invitations, registrations

NAME_LENGTH = 120
# A name stands in mail to others: an address of a page in it would become a link there.
NO_NAME = re.compile(r"[@/<>\\]|\bwww\.", re.IGNORECASE)


def an_address(_form: FlaskForm, field: Field) -> None:
    """Refuse what is no e-mail address, and keep one as it is kept elsewhere."""
    try:
        field.data = addresses.normal(field.data or "")
    except ValueError:
        raise ValidationError(_("This is not an e-mail address: look at it once more.")) from None


def a_name(_form: FlaskForm, field: Field) -> None:
    """Refuse an address where a name is asked."""
    if NO_NAME.search(field.data or ""):
        raise ValidationError(_("Only fill in your name here, without an address or a link."))


class InviteForm(FlaskForm):
    """Whom to invite, and what to write to them."""

    addresses = Text(_l("E-mail addresses"), [InputRequired(), filled, Length(max=60_000)])
    message = Text(_l("Personal message"), [Length(max=invitations.MESSAGE_LENGTH)])

    def validate_addresses(self, field: Field) -> None:
        """Refuse more than can be invited at once."""
        if len(addresses.entries(field.data)) > invitations.MOST:
            raise ValidationError(
                _("Invite at most %(most)d people at once.", most=invitations.MOST)
            )


class MessageForm(FlaskForm):
    """What to write to the people whose accounts were imported."""

    message = Text(_l("Personal message"), [Length(max=invitations.MESSAGE_LENGTH)])


class ChoiceForm(FlaskForm):
    """Which invitations: those that were ticked, one, or the whole list."""

    whole = BooleanField(_l("All invitations in this list, also on other pages"))


class AcceptForm(FlaskForm):
    """Who comes in, and the password they choose; the address is that of the invitation."""

    name = Line(_l("Your name"), [InputRequired(), filled, Length(max=NAME_LENGTH), a_name])
    password = PasswordField(_l("Choose a password"), [InputRequired()])


class JoinForm(FlaskForm):
    """The address of who wants to come in."""

    email = EmailField(
        _l("E-mail address"), [InputRequired(), an_address, Length(max=254)], filters=[tidy_line]
    )


class RequestForm(JoinForm):
    """Who asks to be let in, and why."""

    name = Line(_l("Your name"), [InputRequired(), filled, Length(max=NAME_LENGTH), a_name])
    message = Text(
        _l("Why you would like to join"),
        [InputRequired(), filled, Length(max=registrations.MESSAGE_LENGTH)],
    )


class DecisionForm(FlaskForm):
    """What to write to someone who asked to be let in; who is not let in hears why."""

    message = Text(_l("Message"), [Length(max=registrations.MESSAGE_LENGTH)])

    def require_message(self) -> bool:
        """Ask for a message; tell whether there is one."""
        if not self.message.data.strip():
            self.message.errors = [_("Write why not: the person gets to read it by mail.")]
        return bool(self.message.data.strip())
