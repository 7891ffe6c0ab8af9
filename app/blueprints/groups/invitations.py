"""Inviting people to a group, and what they answer.

Who is invited to a hidden group sees its name and introduction here, and nothing else of it.
"""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import with_group, with_group_request, with_invitation
from app.blueprints.groups.forms import AddForm
from app.blueprints.groups.members import back, members_page, person_meant
from app.blueprints.groups.requests import archived, confirmed, settled, to_members
from app.blueprints.groups.room import KINDS, READERS, bp
from app.models import Group, GroupRequest, RequestState
from app.policy import Ability
from app.services import group_requests
from app.services.group_members import ArchivedError
from app.services.group_requests import InvitedAlreadyError, MemberAlreadyError, SettledError


@bp.post("/groups/<slug:slug>/invitations")
@with_group(Ability.MANAGE_MEMBERS)
def invite(group: Group) -> ResponseReturnValue:
    """Invite a person whom the search found."""
    person = person_meant(AddForm())
    if person is None:
        return members_page(group, _("This person cannot be invited.")), 422
    try:
        group_requests.invite(group, person, current_user)
    except MemberAlreadyError:
        return members_page(group, _("%(name)s is a member already.", name=person.name)), 422
    except InvitedAlreadyError:
        return members_page(group, _("%(name)s has been invited already.", name=person.name)), 422
    except ArchivedError:
        return members_page(group, archived()), 422
    flash(_("%(name)s gets your invitation.", name=person.name), "ok")
    return back(group)


@bp.post("/groups/requests/<id:request_id>/withdraw")
@with_group_request(Ability.MANAGE_MEMBERS)
def withdraw_invitation(asked: GroupRequest) -> ResponseReturnValue:
    """Take back an invitation."""
    confirmed()
    try:
        group_requests.withdraw_invitation(asked, current_user)
    except SettledError:
        flash(settled(), "info")
    else:
        flash(_("The invitation has been taken back."), "ok")
    return to_members(asked)


@bp.get("/groups/invitations/<id:invitation_id>")
@with_invitation(Ability.READ)
def invitation(invited: GroupRequest) -> ResponseReturnValue:
    """Show an invitation with the name and introduction of the group; nothing once it is over."""
    if invited.state is not RequestState.OPEN:
        return over()
    return render_template(
        "groups/invitation.html", invited=invited, group=invited.group, kinds=KINDS, readers=READERS
    )


@bp.post("/groups/invitations/<id:invitation_id>/accept")
@with_invitation(Ability.READ)
def accept(invited: GroupRequest) -> ResponseReturnValue:
    """Go along with an invitation."""
    confirmed()
    try:
        group_requests.accept(invited, current_user)
    except (SettledError, ArchivedError):
        return over()
    flash(_("You are a member of %(name)s now.", name=invited.group.name), "ok")
    return redirect(url_for(".show", slug=invited.group.slug), 303)


@bp.post("/groups/invitations/<id:invitation_id>/decline")
@with_invitation(Ability.READ)
def refuse(invited: GroupRequest) -> ResponseReturnValue:
    """Decline an invitation."""
    confirmed()
    try:
        group_requests.refuse(invited, current_user)
    except SettledError:
        return over()
    flash(_("You declined the invitation."), "ok")
    return redirect(url_for(".index"), 303)


def over() -> ResponseReturnValue:
    """Say that an invitation does not count any more."""
    flash(_("This invitation is over."), "info")
    return redirect(url_for(".index"), 303)
