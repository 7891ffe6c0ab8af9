"""The form with which members report something: rooms of all that can be reported use it."""

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import DataRequired, Length, ValidationError

from app.forms import REASON_LENGTH, Text
from app.lib import htmx
from app.models import RULE_LENGTH, Attachment, Comment, User
from app.queries.house_rules import articles
from app.services import cases
from app.services.alarms import Subject
from app.templating import url_of

OTHER = "other"
# What is stored of reports from before the house rules had articles, and of what fits none of them.
REASONS: dict[str, LazyString] = {
    "disrespectful": _l("It is not respectful"),
    "private_data": _l("It holds personal data, such as that of a client"),
    "off_topic": _l("It does not belong here"),
    "incorrect": _l("What it says is not right"),
    OTHER: _l("Something else"),
}


def reason_label(reason: str) -> str:
    """Return what a stored reason says."""
    return str(REASONS.get(reason, reason))


def rule_choices() -> list[SelectChoice]:
    """Return the articles of the house rules that hold now, to choose one."""
    labels = (article.label[:RULE_LENGTH] for article in articles())
    return [SelectChoice(label, label) for label in labels]


class ReportForm(FlaskForm):
    """Why something should be looked at by a moderator."""

    reason = RadioField(
        _l("Which house rule is it about?"),
        [DataRequired()],
        choices=lambda: [*rule_choices(), SelectChoice(OTHER, _("Something else"))],
    )
    note = Text(_l("Explanation"), [Length(max=REASON_LENGTH)])

    def validate_note(self, field: Text) -> None:
        """Ask for words where no rule says what is the matter."""
        if self.reason.data == OTHER and not (field.data or "").strip():
            raise ValidationError(_("Tell the moderators what is the matter."))


def report_url(subject: Subject) -> str:
    """Return the address of the form with which this is reported."""
    match subject:
        case Comment():
            return url_for("comments.report", comment_id=subject.id)
        case Attachment():
            return url_for("attachments.report", ref=subject)
        case User():
            return url_for("people.report", ref=subject)
    return url_for("content.report", content_id=subject.id)


def place_of(subject: Subject) -> str:
    """Return where a subject is shown: a document at its text."""
    if isinstance(subject, Attachment):
        return url_of(subject.comment or subject.content)
    return url_of(subject)


def name_of(subject: Subject) -> str:
    """Return what is reported, for the title of the page."""
    match subject:
        case Comment():
            return subject.content.title
        case User():
            return subject.name
    return subject.title


def take_report(subject: Subject) -> ResponseReturnValue:
    """Show the form to report `subject`, or file the report: as a page, or in place."""
    in_place = htmx.is_htmx(request)
    if in_place and "cancel" in request.args and request.method == "GET":
        return render_template("moderation/_cancelled.html")
    form = ReportForm()
    if not form.validate_on_submit():
        return show(subject, form, in_place=in_place)
    note = (form.note.data or "").strip()
    new = cases.file(subject, current_user, form.reason.data, note)
    text = (
        _("Thank you. The moderators will look at it, and you will hear what they did.")
        if new
        else _("You had reported this already. The moderators will look at it.")
    )
    if in_place:
        return render_template("moderation/_reported.html", text=text)
    flash(text, "ok" if new else "info")
    return redirect(place_of(subject), 303)


def show(subject: Subject, form: ReportForm, *, in_place: bool) -> ResponseReturnValue:
    """Return the form: a page, or a part that opens under a text."""
    template = "moderation/_report.html" if in_place else "moderation/report.html"
    kind = "comment" if isinstance(subject, Comment) else "content"
    html = render_template(
        template, form=form, subject=subject, kind=kind, in_place=in_place, articles=articles(),
        url=report_url(subject), back=place_of(subject), name=name_of(subject),
        is_person=isinstance(subject, User), is_document=isinstance(subject, Attachment),
    )  # fmt: skip
    return make_response(html, 422 if form.errors else 200)
