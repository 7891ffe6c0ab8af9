"""What all forms share: clean text, Dutch messages, and a key that makes a double submit one."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from errno import errorcode
from typing import Any, Protocol
from uuid import UUID, uuid4

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    EmailField,
    Field,
    HiddenField,
    PasswordField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    ValidationError,
)

from app.lib import merge
from app.lib.branches import Branch, flatten
from app.lib.clock import local, now
from app.lib.markdown import MarkdownRefused, render
from app.lib.storage import NO_ROOM
from app.models import Department
from app.services import profiles, tags

TITLE_LENGTH = 200
REASON_LENGTH = 1000
FURTHEST = timedelta(days=366)
INDENT = "\u2003"
# As people write a number: 06-12 34 56 78, (0123) 456 789, +31 6 1234 5678.
TELEPHONE = re.compile(r"[+]?[0-9 ()./-]*")
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


def today() -> date:
    """Return the day that it is on a Dutch clock."""
    return local(now()).date()


def within_a_year(_form: FlaskForm, field: Field) -> None:
    """Refuse days that have passed, and those so far away that nobody will remember why."""
    if field.data is not None and not today() <= field.data <= today() + FURTHEST:
        raise ValidationError(_("Choose a day from today until a year from now."))


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


class Texted(Protocol):
    """A version of a text."""

    @property
    def title(self) -> str: ...
    @property
    def body(self) -> str: ...


def join_changes(form: Any, base: Texted | None, latest: Texted, number: int) -> bool:
    """Put two changes of one text together in a form, where they don't touch each other.

    `base` is the version that was opened, `latest` what someone else made of it, with `number`:
    saving again is about that one. Tells whether the changes could be joined; else the writer's
    text stays.
    """
    joined = merge.three_way(base.body, form.body.data, latest.body) if base else None
    if base and form.title.data == base.title:
        form.title.data = latest.title
    form.version.data, form.version.raw_data = number, None
    if joined is None or joined.conflicts:
        return False
    form.body.data = joined.text
    return True


def refuse_file(field: Field, error: OSError) -> None:
    """Tell at the field of a file that the disk does not take it; another error is raised on."""
    if error.errno not in NO_ROOM:
        raise error
    current_app.logger.error("cannot store a file: %s", errorcode[error.errno or 0])
    field.errors = [_("There is no room to store it just now. Try again later.")]


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


def subjects(_form: FlaskForm, field: Field) -> None:
    """Refuse too many subjects of expertise, and those that are too short, too long or no word."""
    names = profiles.split_expertise(field.data or "")
    if len(names) > profiles.MOST_EXPERTISE:
        raise ValidationError(_("Name at most %(most)d subjects.", most=profiles.MOST_EXPERTISE))
    for name in names:
        if not profiles.is_expertise(name):
            raise ValidationError(
                _(
                    "A subject has 2 to 60 characters, with a letter or a digit: “%(name)s” does"
                    " not.",
                    name=name[:60],
                )
            )


def optional_id(value: Any) -> int | None:
    """Read the value of a choice that may be empty."""
    return int(value) or None if value not in (None, "", "None") else None


def parents(branches: Sequence[Branch]) -> list[SelectChoice]:
    """Return the choices of a parent: none, or a page, indented as in the tree."""
    pages = (
        SelectChoice(str(page.id), INDENT * depth + page.title) for depth, page in flatten(branches)
    )
    return [SelectChoice("", _("On top of the theme")), *pages]


class PersonForm(FlaskForm):
    """What people tell about themselves, on their first day and later."""

    name = Line(_l("Name"), [InputRequired(), filled, Length(max=120)])
    job_title = Line(_l("Job title"), [Length(max=120)])
    department_id = SelectField(_l("Department"), coerce=optional_id)
    expertise = Line(_l("What you know about"), [subjects, Length(max=700)])
    about = Text(_l("About you"), [Length(max=2000)])
    phone = Line(_l("Telephone"), [Length(max=40)])

    def offer(self, departments: Iterable[Department]) -> None:
        """Fill in which departments there are."""
        found = [SelectChoice(department.id, department.name) for department in departments]
        self.department_id.choices = [SelectChoice("", _("None of these")), *found]

    def validate_phone(self, field: Field) -> None:
        """Refuse what cannot be dialled."""
        if not TELEPHONE.fullmatch(field.data or ""):
            raise ValidationError(_("Use digits, spaces, hyphens and + only."))


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
    """A reply. Discussions show it under their replies; `comments.create` takes it.

    Whether its text can be rendered shows when that is done: see `refuse_text`.
    """

    body = Text(_l("Your reply"), [DataRequired()])
    submission_key = SubmissionKey()
