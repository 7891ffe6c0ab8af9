"""The life of a group: does it still live, into the archive and out of it, and the group for help."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import requires, with_group
from app.blueprints.groups.forms import ReasonForm
from app.blueprints.groups.requests import confirmed
from app.blueprints.groups.room import bp
from app.models import Group
from app.policy import Ability
from app.services import group_life, support_groups


@bp.route("/groups/<slug:slug>/archive", methods=["GET", "POST"])
@with_group(Ability.ARCHIVE_GROUP)
def archive(group: Group) -> ResponseReturnValue:
    """Make a group read only, with a reason for its members."""
    form = ReasonForm()
    if not form.validate_on_submit():
        html = render_template("groups/archive.html", form=form, group=group)
        return html, 422 if form.errors else 200
    group_life.archive(group, current_user, form.reason.data.strip())
    flash(_("The group is in the archive. Its members can still read everything."), "ok")
    return redirect(url_for(".show", slug=group.slug), 303)


@bp.post("/groups/<slug:slug>/revive")
@with_group(Ability.ARCHIVE_GROUP)
def revive(group: Group) -> ResponseReturnValue:
    """Let people write in a group again."""
    confirmed()
    group_life.revive(group, current_user)
    flash(_("The group is out of the archive. Members can write in it again."), "ok")
    return redirect(url_for(".show", slug=group.slug), 303)


@bp.post("/groups/<slug:slug>/lives")
@with_group(Ability.MANAGE_GROUP)
def lives(group: Group) -> ResponseReturnValue:
    """Keep that an owner says that the group lives."""
    confirmed()
    group_life.still_lives(group)
    flash(_("Good to know. We ask again in a year."), "ok")
    return redirect(url_for(".show", slug=group.slug), 303)


@bp.post("/groups/support")
@requires(Ability.MAKE_GROUP)
def make_support() -> ResponseReturnValue:
    """Make the group in which members help each other, where there is none."""
    confirmed()
    try:
        group = support_groups.make_support([current_user], current_user)
    except support_groups.ThereIsOneError:
        flash(_("There is a group for help already."), "info")
        return redirect(url_for(".index"), 303)
    flash(_("The group %(name)s has been made.", name=group.name), "ok")
    return redirect(url_for(".show", slug=group.slug), 303)
