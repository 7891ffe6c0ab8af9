"""Adding, downloading and removing documents at pieces and at replies."""

from collections.abc import Collection, Iterator
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

from app.access import (
    let_go,
    look_again,
    takes_file,
    with_attachment,
    with_comment,
    with_content,
)
from app.blueprints.attachments.forms import REFUSALS, DocumentForm
from app.forms import refuse_file
from app.lib import htmx
from app.lib.content_security import FILE
from app.lib.file_types import FileRefused, FileType, accept
from app.lib.images import FORMATS, TooManyPixels
from app.lib.storage import TooLarge
from app.models import Attachment, Comment, Content
from app.policy import Ability
from app.removing import removal
from app.services import attachments
from app.templating import file_size, url_of

bp = Blueprint("attachments", __name__)
CHUNK = 256 * 1024


@bp.get("/content/<id:content_id>/attachments")
@with_content(Content, Ability.ATTACH)
def new(content: Content) -> ResponseReturnValue:
    """Show the form for a new document at a piece."""
    return page_of(content, DocumentForm(formdata=None))


@bp.get("/comments/<id:comment_id>/attachments")
@with_comment(Ability.ATTACH)
def new_at_reply(comment: Comment) -> ResponseReturnValue:
    """Show the form for a new document at a reply."""
    return page_of(comment, DocumentForm(formdata=None))


@bp.post("/content/<id:content_id>/attachments")
@takes_file
@with_content(Content, Ability.ATTACH)
def create(content: Content) -> ResponseReturnValue:
    """Add a document to a piece."""
    return add_to(content)


@bp.post("/comments/<id:comment_id>/attachments")
@takes_file
@with_comment(Ability.ATTACH)
def create_at_reply(comment: Comment) -> ResponseReturnValue:
    """Add a document to a reply."""
    return add_to(comment)


def add_to(place: Content | Comment) -> ResponseReturnValue:
    """Add the document of the form; others can write while it is looked at."""
    form = DocumentForm()
    if not form.validate_on_submit():
        return page_of(place, form), 422
    most, kinds = attachments.largest(), attachments.taken()
    let_go()
    try:
        ready = prepared(form, most, kinds)
    except OSError as error:
        refuse_file(form.file, error)
        return page_of(look_again(), form), 503
    place = look_again()
    if ready is None or not kept(form, ready, place):
        return page_of(place, form), 422
    flash(_("The document has been added."), "ok")
    return htmx.see_other(request, shown_at(place))


def shown_at(place: Content | Comment) -> str:
    """Return where the documents of a piece or a reply are shown."""
    return url_of(place) if isinstance(place, Comment) else f"{url_of(place)}#documents"


def prepared(
    form: DocumentForm, most: int, kinds: Collection[FileType]
) -> attachments.Ready | None:
    """Return the document of the form, stored; what is wrong with it goes to its field."""
    upload = form.file.data
    try:
        return attachments.prepare(upload.stream, upload.filename or "", most, kinds)
    except FileRefused as refusal:
        known = refusal.reason in REFUSALS
        reason = str(REFUSALS[refusal.reason]) if known else not_taken(kinds)
    except attachments.NotTaken:
        reason = not_taken(kinds)
    except TooLarge:
        reason = _("This file is larger than %(size)s.", size=file_size(most))
    except TooManyPixels:
        reason = _("This image has too many pixels. Make it smaller and try again.")
    form.file.errors = [reason]
    return None


def kept(form: DocumentForm, ready: attachments.Ready, place: Content | Comment) -> bool:
    """Add a document that was prepared, and tell whether that could be."""
    try:
        attachments.keep(ready, place, current_user, form.title.data)
    except attachments.AddedAlready:
        form.file.errors = [_("This document has been added already.")]
    except attachments.TooMany:
        form.file.errors = [
            _("There can be %(most)d documents here at most.", most=attachments.MOST)
        ]
    return not form.file.errors


def not_taken(kinds: Collection[FileType]) -> str:
    """Return that a kind of file is not taken, and which kinds are."""
    names = names_of(kinds)
    return str(_("This kind of file cannot be added. You can add: %(kinds)s.", kinds=names))


def names_of(kinds: Collection[FileType]) -> str:
    """Return kinds of files by their names."""
    return ", ".join(kind.label for kind in kinds)


def page_of(place: Content | Comment, form: DocumentForm) -> str:
    """Return the page with the form."""
    kinds = attachments.taken()
    form.file.render_kw = {"accept": accept(kinds)}
    content = place.content if isinstance(place, Comment) else place
    return render_template(
        "attachments/new.html", place=place, content=content, form=form,
        most=attachments.largest(), kinds=names_of(kinds),
    )  # fmt: skip


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


@bp.get("/attachments/<ref:ref>/preview")
@with_attachment(Ability.READ)
def preview(attachment: Attachment) -> ResponseReturnValue:
    """Hand out the small picture of an image; asked for anew each time, as who may see it changes."""
    response = Response(mimetype="image/jpeg")
    response.set_etag(attachment.sha256)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Security-Policy"] = FILE
    if attachment.media_type not in FORMATS:
        abort(404)
    response.make_conditional(request)
    if response.status_code == 200:
        response.data = picture_of(attachment)
    return response


def picture_of(attachment: Attachment) -> bytes:
    """Return the small picture of an image; 404 when there is none."""
    try:
        found = attachments.preview(attachments.storage(), attachment.sha256)
    except FileNotFoundError:
        found = b""
    return found or abort(404)


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


@bp.route("/attachments/<ref:ref>/remove", methods=["GET", "POST"])
@with_attachment(Ability.REMOVE_ATTACHMENT)
def remove(attachment: Attachment) -> ResponseReturnValue:
    """Remove a document, when it is meant."""

    def meant(reason: str) -> str:
        attachments.remove(attachment, current_user, reason)
        flash(_("The document has been removed."), "ok")
        return url_of(attachment.comment or attachment.content)

    return removal("attachments/remove.html", attachment.uploader_id, meant, document=attachment)
