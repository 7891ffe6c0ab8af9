"""Personal data blacked out in all versions: first shown where it stands, then done."""

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app.access import with_comment, with_content
from app.blueprints.moderation.forms import RedactForm
from app.blueprints.moderation.measure_forms import Subject
from app.blueprints.moderation.room import bp
from app.lib import htmx
from app.models import Comment, Content
from app.policy import Ability
from app.services import redaction
from app.templating import url_of

SURE = "sure"
PLACES: dict[str, LazyString] = {
    "text": _l("the text and its title"),
    "replies": _l("the replies"),
    "versions": _l("earlier versions"),
    "proposals": _l("proposals for the wiki"),
    "remarks": _l("remarks and reports"),
    "messages": _l("messages"),
    "files": _l("names of documents and images"),
    "drafts": _l("drafts of members"),
    "mails": _l("mails that Kring keeps"),
}


@bp.get("/content/<id:content_id>/redact")
@with_content(Content, Ability.REDACT)
def redact(content: Content) -> ResponseReturnValue:
    """Ask what must become unreadable in a piece and its replies."""
    return page_of(content, RedactForm(formdata=None))


@bp.post("/content/<id:content_id>/redact")
@with_content(Content, Ability.REDACT)
def confirm_redact(content: Content) -> ResponseReturnValue:
    """Show where it stands, or make it unreadable."""
    return looked_or_done(content)


@bp.get("/comments/<id:comment_id>/redact")
@with_comment(Ability.REDACT)
def redact_comment(comment: Comment) -> ResponseReturnValue:
    """Ask what must become unreadable in a reply."""
    return page_of(comment, RedactForm(formdata=None))


@bp.post("/comments/<id:comment_id>/redact")
@with_comment(Ability.REDACT)
def confirm_redact_comment(comment: Comment) -> ResponseReturnValue:
    """Show where it stands, or make it unreadable."""
    return looked_or_done(comment)


def looked_or_done(subject: Subject) -> ResponseReturnValue:
    """Show where the words stand; do it once the moderator is sure."""
    form = RedactForm()
    if not form.validate_on_submit():
        return page_of(subject, form), 422
    words = form.words.data
    found = redaction.find(subject, words)
    if not found:
        form.words.errors = [_("This stands nowhere here. Write it as it stands in the text.")]
        return page_of(subject, form), 422
    if SURE not in request.form:
        return page_of(subject, form, found, redaction.in_log(words))
    number = redaction.redact(subject, words, current_user, form.because, form.grounds)
    flash(
        ngettext(
            "It has been made unreadable in %(num)d place.",
            "It has been made unreadable in %(num)d places.",
            number,
        ),
        "ok",
    )
    return htmx.see_other(request, url_of(subject))


def page_of(
    subject: Subject, form: RedactForm, found: dict[str, int] | None = None, logged: int = 0
) -> str:
    content = subject.content if isinstance(subject, Comment) else subject
    return render_template(
        "moderation/redact.html", subject=subject, content=content, form=form, logged=logged,
        found=[(PLACES[name], number) for name, number in (found or {}).items()],
    )  # fmt: skip
