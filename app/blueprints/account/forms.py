"""What a person can tell about themselves, and how they change their password."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import Email, InputRequired, Length

from app.forms import Line, Text, filled, tidy_line

LANGUAGES = (SelectChoice("nl", "Nederlands"), SelectChoice("en", "English"))


class ProfileForm(FlaskForm):
    """What others see of a person, and the language of the interface."""

    name = Line(_l("Name"), [InputRequired(), filled, Length(max=120)])
    job_title = Line(_l("Job title"), [Length(max=120)])
    about = Text(_l("About you"), [Length(max=2000)])
    locale = SelectField(_l("Language"), [InputRequired()], choices=list(LANGUAGES))


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
