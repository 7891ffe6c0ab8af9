"""What the administrator fills in about the mail server."""

import ipaddress
import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, Field, PasswordField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import InputRequired, Length, ValidationError

from app.blueprints.settings.community import whole
from app.forms import Line, preset, tidy_line
from app.lib.addresses import normal
from app.lib.mailer import Security, Server, is_never
from app.services import mail_server
from app.site import site

HOST_NAME = re.compile(r"[\w](?:[\w-]*[\w])?(?:\.[\w](?:[\w-]*[\w])?)*\.?")
SECURITIES = {
    Security.STARTTLS: _l("STARTTLS (port 587)"),
    Security.TLS: _l("TLS (port 465)"),
    Security.NONE: _l("None (port 25)"),
}


def address_or_nothing(_form: FlaskForm, field: Field) -> None:
    """Refuse what is no e-mail address; keep one without capitals."""
    try:
        field.data = normal(field.data) if field.data else ""
    except ValueError:
        raise ValidationError(_("This is not an e-mail address.")) from None


class Address(EmailField):
    """An e-mail address, or nothing; `data` is never None."""

    data: str


class TestForm(FlaskForm):
    """To whom the test goes."""

    recipient = Address(
        _l("Send the test to"), [preset, address_or_nothing, Length(max=254)], filters=[tidy_line]
    )

    def validate_recipient(self, field: Field) -> None:
        """Ask for an address when there is something to send."""
        if not field.data and self.tests:
            raise ValidationError(_("Fill in an e-mail address."))

    tests = False


class MailForm(TestForm):
    """The server, how to sign in there, and who the sender is. The password is never shown."""

    mail_host = Line(_l("Mail server"), [Length(max=253)])
    mail_security = SelectField(
        _l("Protection of the connection"), [InputRequired()],
        choices=[SelectChoice(value, label) for value, label in SECURITIES.items()],
    )  # fmt: skip
    mail_port = whole(_l("Port"), "mail_port")
    mail_username = Line(_l("User name"), [Length(max=254)])
    password = PasswordField(_l("Password"), [Length(max=500)])
    forget = BooleanField(_l("Forget the password that is kept"))
    mail_from = Address(
        _l("Sender"), [address_or_nothing, Length(max=254)], filters=[tidy_line]
    )  # fmt: skip

    def validate_mail_host(self, field: Field) -> None:
        """Refuse what is no name or number of a machine."""
        if not field.data:
            if self.tests:
                raise ValidationError(_("Fill in the name of the mail server first."))
            return
        try:
            number = ipaddress.ip_address(field.data)
        except ValueError:
            if not HOST_NAME.fullmatch(field.data):
                raise ValidationError(
                    _("Fill in the name of a server only, such as smtp.voorbeeldstad.nl.")
                ) from None
            return
        if is_never(str(number)):
            raise ValidationError(_("No mail server stands at this address."))

    def validate_password(self, field: Field) -> None:
        """Ask for a password with a user name, and once more when it would go elsewhere."""
        if (field.data or "") and not (field.data or "").isprintable():
            raise ValidationError(_("This password has signs that cannot be typed."))
        if not self.mail_username.data or field.data or not self.mail_host.data:
            return
        if self.forget.data or not mail_server.password():
            raise ValidationError(_("Fill in the password that belongs to the user name."))
        if self.leads_elsewhere():
            raise ValidationError(
                _("The server, its protection or the user name changes. Fill in the password once"
                  " more: Kring gives the one that it keeps to no other server.")
            )  # fmt: skip

    def leads_elsewhere(self) -> bool:
        """Tell whether what is filled in is another server, or another way to it, than is kept."""
        names = ("mail_host", "mail_port", "mail_security", "mail_username")
        return any(self[name].data != getattr(site(), name) for name in names)

    def password_wanted(self) -> str:
        """Return the password to keep: what was typed, else what is kept; none for nobody."""
        if not self.mail_username.data or not self.mail_host.data:
            return ""
        if self.password.data:
            return self.password.data
        return "" if self.forget.data else mail_server.password()

    def server(self) -> Server:
        """Return the server as it is filled in."""
        return Server(
            self.mail_host.data, self.mail_port.data or 0, Security(self.mail_security.data),
            self.mail_username.data, self.password_wanted(),
        )  # fmt: skip
