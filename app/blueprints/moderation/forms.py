"""What moderators fill in."""

from datetime import date, timedelta
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import DateField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from app.extensions import db
from app.forms import REASON_LENGTH, Line, Text, tidy_line
from app.lib.blackout import FEWEST, pattern_of, weight
from app.lib.clock import local, now
from app.models import Comment, Content, Theme
from app.services.activity import Verb

Subject = Content | Comment
LONGEST = timedelta(days=366)
MOST_WORDS = 200
PINNED_FOR = timedelta(days=14)


def today() -> date:
    """Return the day that it is on a Dutch clock."""
    return local(now()).date()


def within_a_year(_form: FlaskForm, field: DateField) -> None:
    """Refuse days that have passed, and those so far away that nobody will remember why."""
    if field.data is not None and not today() <= field.data <= today() + LONGEST:
        raise ValidationError(_("Choose a day from today until a year from now."))


class MeasureForm(FlaskForm):
    """Why a measure is taken: it is told to the author and kept in the log."""

    reason = Text(_l("Reason"), [DataRequired(), Length(max=REASON_LENGTH)])

    def fit(self, subject: Subject) -> None:
        """Offer what suits this subject."""

    @property
    def because(self) -> str:
        """Return the reason as the author reads it."""
        return str(self.reason.data).strip()


class RedactForm(MeasureForm):
    """What must become unreadable, as it stands in the text."""

    words = Line(
        _l("What must become unreadable?"),
        [DataRequired(), Length(max=MOST_WORDS)],
        render_kw={"autocomplete": "off"},
    )

    def validate_words(self, field: Line) -> None:
        """Refuse what is so short that it stands in any text."""
        if field.data and weight(field.data) < FEWEST:
            raise ValidationError(_("Fill in at least %(num)d letters or digits.", num=FEWEST))

    def validate_reason(self, field: Text) -> None:
        """Keep what must go out of the log."""
        words = self.words.data or ""
        if weight(words) >= FEWEST and pattern_of(words).search(field.data or ""):
            raise ValidationError(_("Do not repeat it here: this is kept in the log."))


HOUSE_RULES = (_l("Stay respectful"), _l("No personal data of others"), _l("Stay on topic"))


class HideForm(MeasureForm):
    """Why something is hidden: which house rule, and in the moderator's words."""

    rule = RadioField(
        _l("House rule"),
        [Optional()],
        choices=[
            *(SelectChoice(rule, rule) for rule in HOUSE_RULES),
            SelectChoice("", _l("Something else")),
        ],
        default="",
    )

    @property
    def because(self) -> str:
        """Return the rule, when one was chosen, and the reason."""
        return f"{self.rule.data}: {super().because}" if self.rule.data else super().because


class LockForm(MeasureForm):
    """Why nobody can reply for now, and until when."""

    until = DateField(_l("Until and including"), [Optional(), within_a_year])


class PinForm(MeasureForm):
    """Why a piece stands on top, and until when."""

    until = DateField(
        _l("Until and including"),
        [DataRequired(), within_a_year],
        default=lambda: today() + PINNED_FOR,
    )


class MoveForm(MeasureForm):
    """Where a discussion belongs."""

    theme = SelectField(_l("Theme"), [DataRequired()], coerce=int)

    def fit(self, subject: Subject) -> None:
        """Offer the themes in use but the present one."""
        assert isinstance(subject, Content)
        others = select(Theme).where(Theme.archived_at.is_(None), Theme.id != subject.theme_id)
        if subject.theme_id is None:
            others = select(Theme).where(Theme.archived_at.is_(None))
        self.themes = {theme.id: theme for theme in db.session.scalars(others.order_by(Theme.name))}
        self.theme.choices = [SelectChoice(key, theme.name) for key, theme in self.themes.items()]

    @property
    def chosen(self) -> Theme:
        """Return the theme that was chosen."""
        return self.themes[self.theme.data]


class SettleForm(FlaskForm):
    """What a moderator decides about the reports of one subject."""

    decision = RadioField(
        _l("Your decision"),
        [DataRequired()],
        choices=[
            SelectChoice("hide", _l("The report is right: hide it now")),
            SelectChoice("upheld", _l("The report is right, and has been dealt with")),
            SelectChoice("dismissed", _l("It can stay as it is")),
        ],
    )
    outcome = Text(_l("Answer to who reported it"), [DataRequired(), Length(max=REASON_LENGTH)])
    reason = Text(_l("Reason for the author"), [Length(max=REASON_LENGTH)])

    def validate_reason(self, field: Text) -> None:
        """Ask a reason where something is hidden: its author is told."""
        if self.decision.data == "hide" and not (field.data or "").strip():
            raise ValidationError(_("Tell the author why it is hidden."))


ACTIONS: dict[str, LazyString] = {
    Verb.HIDDEN: _l("Hidden"),
    Verb.RESTORED: _l("Shown again"),
    Verb.EDITED: _l("Edited"),
    Verb.MOVED: _l("Moved"),
    Verb.LOCKED: _l("Locked"),
    Verb.UNLOCKED: _l("Unlocked"),
    Verb.PINNED: _l("Pinned"),
    Verb.UNPINNED: _l("Unpinned"),
    Verb.FEATURED: _l("Featured"),
    Verb.UNFEATURED: _l("No longer featured"),
    Verb.ACCEPTED: _l("Let through"),
    Verb.REJECTED: _l("Not let through"),
    Verb.SLOWED: _l("Slowed down"),
    Verb.UNSLOWED: _l("No longer slowed down"),
    Verb.MERGED: _l("Merged"),
    Verb.SPLIT: _l("Split"),
    Verb.REPLIES_MOVED: _l("Replies moved"),
    Verb.TRANSFER_UNDONE: _l("Move or merge undone"),
    Verb.WARNED: _l("Member warned"),
    Verb.SILENCED: _l("Member silenced"),
    Verb.SUSPENDED: _l("Member kept out"),
    Verb.MEASURE_ENDED: _l("Measure ended"),
    Verb.APPEAL_UPHELD: _l("Objection found right"),
    Verb.APPEAL_DISMISSED: _l("Objection not found right"),
    Verb.CASE_ESCALATED: _l("Report escalated"),
    Verb.CRISIS_STARTED: _l("Crisis measures switched on"),
    Verb.CRISIS_ENDED: _l("Crisis measures switched off"),
    Verb.GLASS_BROKEN: _l("Looked into a closed group"),
    Verb.REPORT_UPHELD: _l("Report found right"),
    Verb.REPORT_DISMISSED: _l("Report not found right"),
    Verb.WIKI_EDITED: _l("Wiki page edited"),
    Verb.WIKI_ARCHIVED: _l("Wiki page archived"),
    Verb.WIKI_RESTORED: _l("Wiki page restored"),
    Verb.WIKI_ADOPTED: _l("Wiki page adopted"),
    Verb.WIKI_DELETED: _l("Wiki page deleted for good"),
    Verb.PROPOSAL_TAKEN: _l("Proposal taken over in the wiki"),
    Verb.PROPOSAL_DECLINED: _l("Proposal for the wiki declined"),
    Verb.TEMPLATE_CHANGED: _l("Text to begin with changed"),
    Verb.ATTACHMENT_REMOVED: _l("Document removed"),
    Verb.IMAGE_REMOVED: _l("Image removed"),
    Verb.REDACTED: _l("Personal data blacked out"),
    Verb.ROLE_GRANTED: _l("Role granted"),
    Verb.ROLE_WITHDRAWN: _l("Role withdrawn"),
    Verb.GROUP_MADE: _l("Group made"),
    Verb.GROUP_CHANGED: _l("Group changed"),
    Verb.GROUP_MEMBER_ADDED: _l("Group member added"),
    Verb.GROUP_MEMBER_REMOVED: _l("Group member removed"),
    Verb.GROUP_ROLE_CHANGED: _l("Group role changed"),
    Verb.GROUP_HEIR: _l("New owner of a group"),
    Verb.GROUP_ARCHIVED: _l("Group archived"),
    Verb.GROUP_REVIVED: _l("Group taken out of the archive"),
    Verb.TAG_RENAMED: _l("Keyword renamed"),
    Verb.TAG_MERGED: _l("Keyword merged"),
    Verb.TAG_DELETED: _l("Keyword deleted"),
    Verb.THEME_ADDED: _l("Theme added"),
    Verb.THEME_CHANGED: _l("Theme changed"),
    Verb.THEME_MERGED: _l("Theme merged"),
    Verb.THEME_ARCHIVED: _l("Theme archived"),
    Verb.THEME_RESTORED: _l("Theme taken out of the archive"),
    Verb.DEPARTMENT_ADDED: _l("Department added"),
    Verb.DEPARTMENT_RENAMED: _l("Department renamed"),
    Verb.DEPARTMENT_MERGED: _l("Department merged"),
    Verb.DEPARTMENT_REMOVED: _l("Department removed"),
    Verb.PAGE_EDITED: _l("Standing page edited"),
    Verb.ACCOUNT_ADDED: _l("Account added"),
    Verb.ACCOUNT_CHANGED: _l("Account changed"),
    Verb.ACCOUNT_CLOSED: _l("Account closed"),
    Verb.ACCOUNT_OPENED: _l("Account opened again"),
    Verb.ADDRESS_CHANGED: _l("E-mail address changed"),
}
SUBJECTS: dict[str, LazyString] = {
    "proposal": _l("Proposal"),
    "template": _l("Text to begin with"),
    "discussion": _l("Discussion"),
    "wiki": _l("Wiki page"),
    "comment": _l("A reply"),
    "user": _l("Member"),
    "group": _l("Group"),
    "attachment": _l("Document"),
    "crisis": _l("Crisis"),
    "tag": _l("Keyword"),
    "theme": _l("Theme"),
    "department": _l("Department"),
    "page": _l("Standing page"),
}


class LogFilter(FlaskForm):
    """Which rows of the log to show; all fields may stay empty."""

    class Meta:
        """A search changes nothing: it needs no token."""

        csrf = False

    action = SelectField(
        _l("Action"), choices=lambda: labelled(ACTIONS), validate_choice=False, filters=[tidy_line]
    )
    kind = SelectField(
        _l("Subject"),
        choices=lambda: labelled(SUBJECTS),
        validate_choice=False,
        filters=[tidy_line],
    )
    actor = Line(_l("By whom"), [Length(max=120)])
    q = Line(_l("Title or reason"), [Length(max=120)])
    since = DateField(_l("From this day on"), [Optional()])
    until = DateField(_l("Until and including"), [Optional()])


def labelled(labels: dict[Any, Any]) -> list[SelectChoice]:
    """Return the choices of a filter, "all" in front."""
    found = [SelectChoice(str(key), label) for key, label in labels.items()]
    return [SelectChoice("", _("All")), *found]
