"""Adding images, and handing them out to who reads a text in which they stand."""

from flask import Response, abort, current_app, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import let_go, look_again, requires, takes_file, with_image
from app.blueprints.images.forms import REFUSALS, ImageForm
from app.blueprints.images.room import bp
from app.forms import refuse_file
from app.lib import htmx
from app.lib.content_security import FILE
from app.lib.file_types import FileRefused
from app.lib.images import TooManyPixels
from app.lib.storage import TooLarge
from app.models import Image
from app.policy import Ability
from app.services import attachments, images
from app.templating import file_size

JSON = "application/json"


@bp.get("/images/new")
@requires(Ability.ADD_IMAGE)
def new() -> ResponseReturnValue:
    """Show the form for an image, for who writes without the buttons of the editor."""
    return page_of(ImageForm(formdata=None))


@bp.post("/images")
@takes_file
@requires(Ability.ADD_IMAGE)
def create() -> ResponseReturnValue:
    """Add an image; answer with what to write in the text to let it stand there."""
    form = ImageForm()
    if not form.validate_on_submit():
        return refused(form, 422)
    most = attachments.largest()
    let_go()
    try:
        ready = prepared(form, most)
    except OSError as error:
        refuse_file(form.file, error)
        look_again()
        return refused(form, 503)
    look_again()
    if ready is None:
        return refused(form, 422)
    image = images.keep(ready, form.alt.data, current_user)
    if asks_for_json():
        answer = jsonify(markdown=images.markdown(image), url=address(image), alt=image.alt)
        return answer, 201
    return htmx.see_other(request, url_for(".place", ref=image))


def prepared(form: ImageForm, most: int) -> images.Ready | None:
    """Return the image of the form, stored; what is wrong with it goes to its field."""
    upload = form.file.data
    try:
        return images.prepare(upload.stream, upload.filename or "", most)
    except FileRefused as refusal:
        reason = REFUSALS[refusal.reason]
    except TooManyPixels:
        reason = _("This image has too many pixels. Make it smaller and try again.")
    except TooLarge:
        reason = _("This file is larger than %(size)s.", size=file_size(most))
    form.file.errors = [str(reason)]
    return None


def asks_for_json() -> bool:
    """Tell whether the script of the editor asks, and no page."""
    best = request.accept_mimetypes.best_match([JSON, "text/html"], default="text/html")
    return best == JSON


def refused(form: ImageForm, status: int) -> ResponseReturnValue:
    """Return what is wrong: at the fields of the form, or by their names for the editor."""
    if not asks_for_json():
        return page_of(form), status
    errors = {name: [str(each) for each in found] for name, found in form.errors.items()}
    first = next((each for found in errors.values() for each in found), "")
    return jsonify(message=first, errors=errors), status


def page_of(form: ImageForm) -> str:
    """Return the page with the form."""
    return render_template("images/new.html", form=form, most=attachments.largest())


@bp.get("/images/<ref:ref>/place")
@with_image(Ability.READ)
def place(image: Image) -> ResponseReturnValue:
    """Show an image with what to write in a text to let it stand there."""
    return render_template("images/place.html", image=image, markdown=images.markdown(image))


@bp.get("/images/<ref:ref>")
@with_image(Ability.READ)
def show(image: Image) -> ResponseReturnValue:
    """Hand out an image as large as it is kept."""
    return handed_out(image, image.sha256)


@bp.get("/images/<ref:ref>/<id:width>")
@with_image(Ability.READ)
def sized(image: Image, width: int) -> ResponseReturnValue:
    """Hand out an image in the size that fits so many pixels."""
    return handed_out(image, images.nearest(image, width))


def handed_out(image: Image, sha256: str) -> Response:
    """Return the file of an image: asked for anew each time, and sent when it is another one.

    A browser may keep it, but not show it before we said again that this person may see it.
    """
    response = Response(mimetype=image.media_type)
    response.set_etag(sha256)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Security-Policy"] = FILE
    response.headers.set("Content-Disposition", "inline", filename=image.slug)
    response.make_conditional(request)
    if response.status_code == 200:
        response.data = content_of(image, sha256)
    return response


def content_of(image: Image, sha256: str) -> bytes:
    """Return what is in a file; 404 and a line in the log when it is lost."""
    try:
        with attachments.storage().open(sha256) as file:
            return file.read()
    except FileNotFoundError:
        current_app.logger.error("image %d: %s is lost", image.id, sha256)  # noqa: TRY400  # known
        abort(404)


def address(image: Image) -> str:
    """Return the address that a text names."""
    return url_for(".show", ref=image)
