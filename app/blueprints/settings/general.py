"""What the community is called, its logo, and which language visitors meet."""

from flask import Response, abort, current_app, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import InputRequired, Length

from app.access import let_go, look_again, public, requires, takes_file
from app.blueprints.settings.room import bp
from app.blueprints.settings.sections import page, save
from app.forms import Line, filled, refuse_file
from app.lib import htmx
from app.lib.content_security import FILE
from app.lib.file_types import FileRefused, Wrong
from app.lib.images import LOGO_SIDE, TooManyPixels
from app.lib.storage import TooLarge
from app.policy import Ability
from app.services import attachments, logo
from app.site import site

IMAGES = "image/png,image/jpeg,image/webp"
BEGIN = 4096
KEPT_FOR = "private, max-age=31536000, immutable"
"""Its address changes with what is in it. Private: no proxy keeps what came with a cookie."""


class GeneralForm(FlaskForm):
    """The name of the community and of the municipality, and the language."""

    name = Line(_l("Name of the community"), [InputRequired(), filled, Length(max=60)])
    municipality = Line(_l("Name of the municipality"), [Length(max=80)])
    tagline = Line(_l("What it is for, in one sentence"), [Length(max=160)])
    locale = SelectField(
        _l("Language for visitors and new members"),
        [InputRequired()],
        choices=[SelectChoice("nl", "Nederlands"), SelectChoice("en", "English")],
    )


class LogoForm(FlaskForm):
    """An image for the top of every page."""

    file = FileField(
        _l("File with the logo"), [FileRequired(_l("Choose a file."))], render_kw={"accept": IMAGES}
    )


@bp.route("/settings/general", methods=["GET", "POST"])
@requires(Ability.CHANGE_SETTINGS)
def general() -> ResponseReturnValue:
    """Change what the community is called, and its language."""
    return save("general", GeneralForm(obj=site()), logo_form=LogoForm(formdata=None))


@bp.post("/settings/logo")
@takes_file
@requires(Ability.CHANGE_SETTINGS)
def use_logo() -> ResponseReturnValue:
    """Let an image stand on top of every page."""
    form = LogoForm()
    if not form.validate_on_submit():
        return refuse(form)
    let_go()
    try:
        ready = prepared(form)
    except OSError as error:
        refuse_file(form.file, error)
        look_again()
        return refuse(form, 503)
    look_again()
    if ready is None:
        return refuse(form)
    logo.use(ready, current_user)
    flash(_("The logo has been changed."), "ok")
    return htmx.see_other(request, url_for("settings.general"))


def refuse(form: LogoForm, status: int = 422) -> ResponseReturnValue:
    """Show the page again, with what is wrong with the logo."""
    return page("general", GeneralForm(formdata=None, obj=site()), status, logo_form=form)


def prepared(form: LogoForm) -> logo.Ready | None:
    """Return the image of the form, stored as a logo; what is wrong with it goes to its field."""
    stream = form.file.data.stream
    try:
        return logo.prepare(stream)
    except TooLarge:
        reason = _("This file is larger than 2 MB.")
    except TooManyPixels:
        reason = _("This image has too many pixels: at most %(most)d on each side.", most=LOGO_SIDE)
    except FileRefused as refusal:
        stream.seek(0)
        reason = why(refusal.reason, stream.read(BEGIN))
    form.file.errors = [str(reason)]
    return None


def why(reason: Wrong, begin: bytes) -> str:
    """Return why a file is no logo; `begin` is how it starts."""
    if b"<svg" in begin.lower():
        return str(_("An SVG can hold scripts, and is not taken. Save the logo as a PNG."))
    if reason is Wrong.MOVING:
        return str(_("A logo does not move. Choose an image that stands still."))
    if reason is Wrong.BROKEN:
        return str(_("This image is damaged. Open it, save it anew and try again."))
    return str(_("This is not an image that can be used here. Choose a PNG, JPEG or WebP."))


@bp.post("/settings/logo/remove")
@requires(Ability.CHANGE_SETTINGS)
def remove_logo() -> ResponseReturnValue:
    """Let Kring's own mark stand on top of every page again."""
    logo.remove(current_user)
    flash(_("The logo has been removed."), "ok")
    return htmx.see_other(request, url_for("settings.general"))


@bp.get("/logo/<sha256>")
@public
def show_logo(sha256: str) -> ResponseReturnValue:
    """Give the logo in use; no other file has an address here."""
    if not sha256 or sha256 != site().logo_sha256:
        abort(404)
    try:
        with attachments.storage().open(sha256) as file:
            image = file.read()
    except FileNotFoundError:
        current_app.logger.error("the logo is lost")  # noqa: TRY400  # known
        abort(404)
    headers = {"Cache-Control": KEPT_FOR, "Content-Security-Policy": FILE}
    return Response(image, mimetype=site().logo_type, headers=headers)
