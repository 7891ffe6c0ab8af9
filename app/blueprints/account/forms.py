"""What people tell about themselves, and how they change their address or password."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, EmailField, Field, PasswordField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import Email, InputRequired, Length, ValidationError

from app.forms import PersonForm, preset, tidy_line
from app.lib import addresses
from app.lib.file_types import Wrong
from app.models import Audience

LANGUAGES = (SelectChoice("nl", "Nederlands"), SelectChoice("en", "English"))
AUDIENCES = (
    SelectChoice(Audience.MEMBERS.value, _l("All members")),
    SelectChoice(Audience.GROUPS.value, _l("Who is in a group with me")),
    SelectChoice(Audience.MANAGER.value, _l("Only the community manager")),
)
PHOTOS = "image/jpeg,image/png,image/webp"
NOT_A_PHOTO = _l("This is not a photo that can be used here. Choose a JPEG, PNG or WebP.")
BROKEN = _l("This file is damaged. Open it, save it anew and try again.")
PHOTO_REFUSALS = {
    Wrong.KIND: NOT_A_PHOTO,
    Wrong.BROKEN: BROKEN,
    Wrong.MOVING: _l("This image moves. Choose one that stands still."),
}


def audience(label: Any) -> SelectField:
    """Return the choice of who may see a part of a profile."""
    return SelectField(label, [preset], choices=list(AUDIENCES))


class ProfileForm(PersonForm):
    """What others see of a person, who may see each part, and the language of the interface."""

    photo = FileField(_l("Photo"), render_kw={"accept": PHOTOS})
    remove_photo = BooleanField(_l("Remove my photo"))
    photo_audience = audience(_l("Who sees your photo"))
    job_title_audience = audience(_l("Who sees your job title"))
    department_audience = audience(_l("Who sees your department"))
    expertise_audience = audience(_l("Who sees what you know about"))
    about_audience = audience(_l("Who sees your text"))
    phone_audience = audience(_l("Who sees your telephone number"))
    email_audience = audience(_l("Who sees your e-mail address"))
    locale = SelectField(_l("Language"), [InputRequired()], choices=list(LANGUAGES))


class AddressForm(FlaskForm):
    """Another e-mail address, by who knows the password."""

    email = EmailField(
        _l("New e-mail address"), [InputRequired(), Length(max=254)], filters=[tidy_line]
    )
    current_password = PasswordField(_l("Current password"), [InputRequired()])

    def __init__(self, *args: Any, own: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.own = own

    def validate_email(self, field: Field) -> None:
        """Keep the address in one form, and refuse the one that is used already."""
        try:
            field.data = addresses.normal(field.data or "")
        except ValueError:
            raise ValidationError(_("This is not an e-mail address.")) from None
        if field.data == self.own:
            raise ValidationError(_("This is your address already."))


class PasswordForm(FlaskForm):
    """Another password, by who knows the present one."""

    current_password = PasswordField(_l("Current password"), [InputRequired()])
    new_password = PasswordField(_l("New password"), [InputRequired()])


class ForgotForm(FlaskForm):
    """Where to send a link."""

    email = EmailField(
        _l("E-mail address"), [InputRequired(), Email(), Length(max=254)], filters=[tidy_line]
    )


class ResetForm(FlaskForm):
    """Another password, by who holds a mailed link."""

    new_password = PasswordField(_l("New password"), [InputRequired()])
