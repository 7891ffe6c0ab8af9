"""Following a person."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import with_person
from app.blueprints.people.room import bp
from app.lib import htmx
from app.models import User
from app.policy import Ability
from app.services.following import follow_person, unfollow_person


@bp.post("/people/<ref:ref>/follow")
@with_person(Ability.FOLLOW_PERSON)
def follow(person: User) -> ResponseReturnValue:
    """See what a person makes on one's home page, or no longer."""
    wanted = request.form.get("following")
    if wanted not in {"0", "1"}:
        abort(400)
    following = wanted == "1"
    (follow_person if following else unfollow_person)(current_user, person)
    said = _("You follow %(name)s now.") if following else _("You no longer follow %(name)s.")
    said = said % {"name": person.name}
    if htmx.is_htmx(request):
        return render_template(
            "people/follow.htmx.html", person=person, following=following, said=said
        )
    flash(said, "ok")
    if "list" in request.form:
        return redirect(url_for("account.following"), 303)
    return redirect(url_for(".show", ref=person), 303)
