"""Removing an image from all texts in which it stands."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import with_image
from app.blueprints.images.room import bp
from app.forms import RemoveForm
from app.lib import htmx
from app.models import Image
from app.policy import Ability
from app.services import images


@bp.get("/images/<ref:ref>/remove")
@with_image(Ability.REMOVE_IMAGE)
def remove(image: Image) -> ResponseReturnValue:
    """Ask whether it is meant, and of someone else's image why."""
    form = RemoveForm(formdata=None)
    form.fit(own=is_own(image))
    return render_template("images/remove.html", image=image, form=form)


@bp.post("/images/<ref:ref>/remove")
@with_image(Ability.REMOVE_IMAGE)
def confirm_remove(image: Image) -> ResponseReturnValue:
    """Remove an image."""
    form = RemoveForm()
    form.fit(own=is_own(image))
    if not form.validate_on_submit():
        return render_template("images/remove.html", image=image, form=form), 422
    images.remove(image, current_user, form.reason.data.strip())
    flash(_("The image has been removed."), "ok")
    return htmx.see_other(request, url_for("home.index"))


def is_own(image: Image) -> bool:
    """Tell whether the one who asks added this image."""
    return bool(image.uploader_id == current_user.id)
