"""One's profile: what one tells, and who may see each part of it."""

from typing import BinaryIO

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import refresh
from flask_login import current_user

from app.access import requires, takes_file
from app.blueprints.account.forms import PHOTO_REFUSALS, ProfileForm
from app.blueprints.account.room import bp
from app.extensions import db
from app.forms import refuse_file
from app.lib import htmx
from app.lib.file_types import FileRefused
from app.lib.images import TooManyPixels
from app.lib.storage import TooLarge
from app.policy import PARTS, Ability
from app.queries.people import departments, expertise_of
from app.services import profiles
from app.templating import file_size

KEPT_AS_TYPED = ("name", "job_title", "department_id", "about", "phone", "locale")


@bp.get("/account/profile")
@requires(Ability.READ)
def profile() -> ResponseReturnValue:
    """Show what others see of oneself, to change it."""
    return profile_page(profile_form())


@bp.post("/account/profile")
@takes_file
@requires(Ability.READ)
def save_profile() -> ResponseReturnValue:
    """Keep what one tells about oneself."""
    form = profile_form()
    if not form.validate_on_submit():
        return profile_page(form), 422
    photo = uploaded(form)
    if form.errors:
        return profile_page(form), 422
    try:
        keep(form, photo)
    except OSError as error:
        refuse_file(form.photo, error)
        return profile_page(form), 503
    refresh()
    flash(_("Your profile has been saved."), "ok")
    return htmx.see_other(request, url_for(".profile"))


def profile_form() -> ProfileForm:
    """Return the form with what the person told before."""
    present = {name: getattr(current_user, name) for name in KEPT_AS_TYPED}
    audiences = {f"{part}_audience": getattr(current_user, f"{part}_audience") for part in PARTS}
    known = ", ".join(db.session.scalars(expertise_of(current_user)))
    form = ProfileForm(data={**present, **audiences, "expertise": known})
    form.offer(db.session.scalars(departments()).all())
    return form


def profile_page(form: ProfileForm) -> str:
    return render_template("account/profile.html", form=form, most=profiles.LARGEST_PHOTO)


def uploaded(form: ProfileForm) -> BinaryIO | None:
    """Return the photo of the form as we keep photos; what is wrong with it goes to its field.

    Ends the transaction: a large photo takes a second, and no other writer has to wait for that.
    """
    if not form.photo.data:
        return None
    db.session.rollback()
    try:
        return profiles.portrait(form.photo.data.stream)
    except FileRefused as refusal:
        reason = PHOTO_REFUSALS[refusal.reason]
    except TooManyPixels:
        reason = _("This image has too many pixels. Make it smaller and try again.")
    except TooLarge:
        reason = _("This file is larger than %(size)s.", size=file_size(profiles.LARGEST_PHOTO))
    form.photo.errors = [str(reason)]
    return None


def keep(form: ProfileForm, photo: BinaryIO | None) -> None:
    """Store what was filled in. Raises OSError when the disk does not take the photo."""
    if photo is not None:
        profiles.set_photo(current_user, photo)
    elif form.remove_photo.data:
        current_user.photo_sha256 = None
    for name in KEPT_AS_TYPED:
        setattr(current_user, name, form[name].data)
    for part in PARTS:
        setattr(current_user, f"{part}_audience", form[f"{part}_audience"].data)
    profiles.set_expertise(current_user, profiles.split_expertise(form.expertise.data))
