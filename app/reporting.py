"""The form with which members report a piece or a reply: rooms of both use it."""

from flask import flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import DataRequired, Length

from app.forms import REASON_LENGTH, Text
from app.lib import htmx
from app.models import Comment, Content
from app.services import cases
from app.templating import url_of

OTHER = "other"
REASONS = {
    "disrespectful": _l("It is not respectful"),
    "private_data": _l("It holds personal data, such as that of a client"),
    "off_topic": _l("It does not belong here"),
    "incorrect": _l("What it says is not right"),
    OTHER: _l("Something else"),
}


class ReportForm(FlaskForm):
    """Why something should be looked at by a moderator."""

    reason = RadioField(
        _l("What is the matter?"),
        [DataRequired()],
        choices=[SelectChoice(reason, label) for reason, label in REASONS.items()],
    )
    note = Text(_l("Explanation"), [Length(max=REASON_LENGTH)])


def take_report(subject: Content | Comment) -> ResponseReturnValue:
    """Show the form to report `subject`, or file the report: as a page, or in place."""
    in_place = htmx.is_htmx(request)
    if in_place and "cancel" in request.args and request.method == "GET":
        return render_template("moderation/_cancelled.html")
    form = ReportForm()
    if not form.validate_on_submit():
        kind = "comment" if isinstance(subject, Comment) else "content"
        content = subject.content if isinstance(subject, Comment) else subject
        template = "moderation/_report.html" if in_place else "moderation/report.html"
        html = render_template(
            template, form=form, subject=subject, content=content, kind=kind, in_place=in_place
        )
        return make_response(html, 422 if form.errors else 200)
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
    return redirect(url_of(subject), 303)
