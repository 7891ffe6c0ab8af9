"""Asking to belong to a closed group, and what its leaders answer."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import with_group, with_group_request
from app.blueprints.groups.forms import AskForm, ConfirmForm, ReasonForm
from app.blueprints.groups.room import bp
from app.extensions import db
from app.models import Group, GroupRequest
from app.policy import Ability
from app.queries.groups import own_request
from app.services import group_requests
from app.services.group_members import ArchivedError
from app.services.group_requests import SettledError


@bp.route("/groups/<slug:slug>/ask", methods=["GET", "POST"])
@with_group(Ability.REQUEST_MEMBERSHIP)
def ask(group: Group) -> ResponseReturnValue:
    """Ask to belong to a closed group; who asked before sees that it waits."""
    form = AskForm()
    if not form.validate_on_submit():
        waiting = db.session.scalar(own_request(group, current_user))
        html = render_template("groups/ask.html", form=form, group=group, waiting=waiting)
        return html, 422 if form.errors else 200
    if group_requests.ask(group, current_user, form.message.data.strip()):
        flash(_("Your request has been sent. You hear from the owners of the group."), "ok")
    else:
        flash(_("You asked this already. Your request waits for an answer."), "info")
    return redirect(url_for(".show", slug=group.slug), 303)


@bp.post("/groups/<slug:slug>/ask/withdraw")
@with_group(Ability.READ)
def withdraw_request(group: Group) -> ResponseReturnValue:
    """Take back one's own request."""
    confirmed()
    if group_requests.withdraw_own(group, current_user):
        flash(_("Your request has been taken back."), "ok")
    else:
        flash(_("There is no request of yours that waits."), "info")
    return redirect(url_for(".show", slug=group.slug), 303)


@bp.post("/groups/requests/<id:request_id>/let-in")
@with_group_request(Ability.MANAGE_MEMBERS)
def let_in(asked: GroupRequest) -> ResponseReturnValue:
    """Let in who asked to belong to the group."""
    confirmed()
    try:
        group_requests.let_in(asked, current_user)
    except SettledError:
        flash(settled(), "info")
    except ArchivedError:
        flash(archived(), "error")
    else:
        flash(_("%(name)s is a member now.", name=asked.user.name), "ok")
    return to_members(asked)


@bp.route("/groups/requests/<id:request_id>/decline", methods=["GET", "POST"])
@with_group_request(Ability.MANAGE_MEMBERS)
def decline_request(asked: GroupRequest) -> ResponseReturnValue:
    """Decline who asked to belong to the group, with a reason."""
    form = ReasonForm()
    if not form.validate_on_submit():
        html = render_template("groups/decline.html", form=form, asked=asked)
        return html, 422 if form.errors else 200
    try:
        group_requests.decline(asked, current_user, form.reason.data.strip())
    except SettledError:
        flash(settled(), "info")
    else:
        flash(
            _("%(name)s hears that this is not possible now, and why.", name=asked.user.name), "ok"
        )
    return to_members(asked)


def confirmed() -> None:
    """Refuse a form without its token."""
    if not ConfirmForm().validate():
        abort(400)


def settled() -> str:
    """Say that one came too late."""
    return str(_("This was answered or taken back already."))


def archived() -> str:
    """Say why nobody comes in."""
    return str(_("This group is in the archive. Take it out of the archive first."))


def to_members(asked: GroupRequest) -> ResponseReturnValue:
    """Go back to the members of the group."""
    return redirect(url_for(".members", slug=asked.group.slug), 303)
