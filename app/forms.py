"""What all forms share: clean text, Dutch messages, and a key that makes a double submit one."""

from typing import Any
from uuid import UUID, uuid4

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    EmailField,
    Field,
    HiddenField,
    PasswordField,
    StringField,
    TextAreaField,
)
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    ValidationError,
)

from app.lib.markdown import MarkdownRefused, render
from app.services import tags

TITLE_LENGTH = 200
REASON_LENGTH = 1000
INVISIBLE = dict.fromkeys(
    map(ord, "\x00\x0b\x0c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
)


def tidy(value: str | None) -> str:
    """Return text without what databases refuse or what reverses its reading direction."""
    return (value or "").replace("\r\n", "\n").translate(INVISIBLE)


def tidy_line(value: str | None) -> str:
    """Return one line with single spaces."""
    return " ".join(tidy(value).split())


class Line(StringField):
    """A single line of text; `data` is never None."""

    data: str

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        super().__init__(label, validators, filters=[tidy_line], **options)


class Text(TextAreaField):
    """Plain text of several lines; `data` is never None."""

    data: str

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        super().__init__(label, validators, filters=[tidy], **options)


class SignInForm(FlaskForm):
    """Who signs in, where to go then, and what was written before it turned out to be needed."""

    email = EmailField(
        _l("E-mail address"), [InputRequired(), Length(max=254)], filters=[tidy_line]
    )
    password = PasswordField(_l("Password"), [InputRequired()])
    next = HiddenField()
    kept = HiddenField()


def filled(_form: FlaskForm, field: Field) -> None:
    """Refuse a field with nothing but white space."""
    if not (field.data or "").strip():
        raise ValidationError(field.gettext("This field is required."))


def preset(_form: FlaskForm, _field: Field) -> None:
    """Mark a choice that always has a value: it is not called optional."""


# WTForms reads these flags off a validator: labels of all other fields say that they are optional.
vars(filled)["field_flags"] = vars(preset)["field_flags"] = {"required": True}


REFUSALS = {
    "too_long": _l("This text is too long. Divide it over more than one."),
    "too_nested": _l("There are too many lists or quotes inside each other. Use fewer levels."),
    "too_complex": _l("This text has too many signs of layout. Make it simpler."),
}


def renderable(_form: FlaskForm, field: Field) -> None:
    """Refuse Markdown that would take unreasonably long to render."""
    try:
        render(field.data or "")
    except MarkdownRefused as refusal:
        raise ValidationError(str(REFUSALS[refusal.reason])) from None


def refuse_text(field: Field, refusal: MarkdownRefused) -> None:
    """Tell at the field of a text why it cannot be rendered."""
    field.errors = [str(REFUSALS[refusal.reason])]


def keywords(_form: FlaskForm, field: Field) -> None:
    """Refuse too many keywords, and those that are too short, too long or without letters."""
    names = tags.split(field.data or "")
    if len(names) > tags.MOST:
        raise ValidationError(_("Choose at most %(most)d keywords.", most=tags.MOST))
    for name in names:
        if not tags.is_possible(name):
            raise ValidationError(
                _(
                    "A keyword has 2 to 60 characters, with a letter or a digit: “%(name)s” does not.",
                    name=name[:60],
                )
            )


class Markdown(Text):
    """A text in Markdown that has to be filled in."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        own = [DataRequired(), renderable]
        super().__init__(label, [*own, *(validators or ())], **options)


class SubmissionKey(HiddenField):
    """A key made with the form: sent twice, it is one submission. Anything else becomes a new key."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        super().__init__(label, validators, default=new_key, filters=[valid_key], **options)


def new_key() -> str:
    return str(uuid4())


def valid_key(value: str | None) -> str:
    """Return the key in its usual form, or a new one where there is none."""
    try:
        return str(UUID(value or ""))
    except ValueError:
        return new_key()


class CommentForm(FlaskForm):
    """A reply. Discussions show it under their replies; `comments.create` takes it."""

    body = Markdown(_l("Your reply"))
    submission_key = SubmissionKey()
