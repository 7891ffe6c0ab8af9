"""Adding, downloading and removing documents."""

from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    render_template,
    request,
    send_file,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import takes_file, with_attachment, with_content
from app.blueprints.attachments.forms import REFUSALS, DocumentForm, RemoveForm
from app.lib import htmx
from app.lib.content_security import FILE
from app.lib.file_types import FileRefused
from app.lib.images import TooManyPixels
from app.lib.storage import NO_ROOM, TooLarge
from app.models import Attachment, Content
from app.policy import Ability
from app.services import attachments
from app.templating import file_size, url_of

bp = Blueprint("attachments", __name__)
CHUNK = 256 * 1024


@bp.get("/content/<id:content_id>/attachments")
@with_content(Content, Ability.ATTACH)
def new(content: Content) -> ResponseReturnValue:
    """Show the form for a new document."""
    return page_of(content, DocumentForm(formdata=None))


@bp.post("/content/<id:content_id>/attachments")
@takes_file
@with_content(Content, Ability.ATTACH)
def create(content: Content) -> ResponseReturnValue:
    """Add a document to a piece."""
    form = DocumentForm()
    if not form.validate_on_submit():
        return page_of(content, form), 422
    try:
        reason = add(content, form)
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        current_app.logger.error("cannot store a document: %s", error)  # noqa: TRY400  # known
        form.file.errors = [_("There is no room to store it just now. Try again later.")]
        return page_of(content, form), 503
    if reason:
        form.file.errors = [reason]
        return page_of(content, form), 422
    flash(_("The document has been added."), "ok")
    return htmx.see_other(request, f"{url_of(content)}#documents")


def add(content: Content, form: DocumentForm) -> str:
    """Add the document of the form; return why it was not taken, or nothing."""
    most = current_app.config["ATTACHMENT_SIZE"]
    upload = form.file.data
    try:
        attachments.add(
            content, current_user, upload.stream, upload.filename or "", form.title.data
        )
    except FileRefused as refusal:
        return str(REFUSALS[refusal.reason])
    except TooLarge:
        return str(_("This file is larger than %(size)s.", size=file_size(most)))
    except TooManyPixels:
        return str(_("This image has too many pixels. Make it smaller and try again."))
    except attachments.AddedAlready:
        return str(_("This document has been added already."))
    except attachments.TooMany:
        return str(_("There can be %(most)d documents here at most.", most=attachments.MOST))
    return ""


def page_of(content: Content, form: DocumentForm) -> str:
    """Return the page with the form."""
    most = current_app.config["ATTACHMENT_SIZE"]
    return render_template("attachments/new.html", content=content, form=form, most=most)


@bp.get("/attachments/<ref:ref>")
@with_attachment(Ability.READ)
def show(attachment: Attachment) -> ResponseReturnValue:
    """Hand out a document: to be kept, never to be shown on a page of ours."""
    file: BinaryIO = BytesIO()
    if request.method == "GET":
        file = opened(attachment)
        attachments.downloaded(attachment)
    answer = send_file(
        BytesIO(), attachment.media_type, as_attachment=True, download_name=attachment.filename,
        conditional=False, etag=False,
    )  # fmt: skip
    response = Response(pieces(file), headers=answer.headers)
    response.content_length = attachment.size
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = FILE
    return response


def opened(attachment: Attachment) -> BinaryIO:
    """Return the file of a document; 404 and a line in the log when it is lost."""
    try:
        return attachments.storage().open(attachment.sha256)
    except FileNotFoundError:
        current_app.logger.error("document %d: %s is lost", attachment.id, attachment.sha256)  # noqa: TRY400  # known
        abort(404)


def pieces(file: BinaryIO) -> Iterator[bytes]:
    """Yield a file piece by piece, and close it."""
    with file:
        while chunk := file.read(CHUNK):
            yield chunk


@bp.get("/attachments/<ref:ref>/remove")
@with_attachment(Ability.REMOVE_ATTACHMENT)
def remove(attachment: Attachment) -> ResponseReturnValue:
    """Ask whether it is meant, and of someone else's document why."""
    form = RemoveForm(formdata=None)
    form.fit(own=is_own(attachment))
    return render_template("attachments/remove.html", document=attachment, form=form)


@bp.post("/attachments/<ref:ref>/remove")
@with_attachment(Ability.REMOVE_ATTACHMENT)
def confirm_remove(attachment: Attachment) -> ResponseReturnValue:
    """Remove a document."""
    form = RemoveForm()
    form.fit(own=is_own(attachment))
    if not form.validate_on_submit():
        return render_template("attachments/remove.html", document=attachment, form=form), 422
    attachments.remove(attachment, current_user, form.reason.data.strip())
    flash(_("The document has been removed."), "ok")
    return htmx.see_other(request, url_of(attachment.content))


def is_own(attachment: Attachment) -> bool:
    """Tell whether the one who asks added this document."""
    return bool(attachment.uploader_id == current_user.id)
