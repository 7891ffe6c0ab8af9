"""Removing an image from all texts in which it stands."""

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import with_image
from app.blueprints.images.room import bp
from app.models import Image
from app.policy import Ability
from app.removing import removal
from app.services import images


@bp.route("/images/<ref:ref>/remove", methods=["GET", "POST"])
@with_image(Ability.REMOVE_IMAGE)
def remove(image: Image) -> ResponseReturnValue:
    """Remove an image, when it is meant."""

    def meant(reason: str) -> str:
        images.remove(image, current_user, reason)
        flash(_("The image has been removed."), "ok")
        return url_for("home.index")

    return removal("images/remove.html", image.uploader_id, meant, image=image)
