"""What all forms share: clean text, Dutch messages, and a key that makes a double submit one."""

from typing import Any
from uuid import uuid4

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, StringField, TextAreaField
from wtforms.validators import Length, Optional, Regexp, ValidationError

from app.lib.markdown import MAX_LENGTH, MarkdownRefused, render

TITLE_LENGTH = 200
REASON_LENGTH = 1000
INVISIBLE = dict.fromkeys(map(ord, "\x00\x0b\x0c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))


def tidy(value: str | None) -> str:
    """Return text without what databases refuse or what reverses its reading direction."""
    return (value or "").replace("\r\n", "\n").translate(INVISIBLE)


def tidy_line(value: str | None) -> str:
    """Return one line with single spaces."""
    return " ".join(tidy(value).split())


class Line(StringField):
    """A single line of text."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        super().__init__(label, validators, filters=[tidy_line], **options)


class Text(TextAreaField):
    """Plain text of several lines."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        super().__init__(label, validators, filters=[tidy], **options)


def filled(_form: FlaskForm, field: Field) -> None:
    """Refuse a field with nothing but white space."""
    if not (field.data or "").strip():
        raise ValidationError(field.gettext("This field is required."))
