"""The members of a group: seen and invited by its leaders, added and given roles by its owners."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import with_group
from app.blueprints.groups.forms import AddForm, ConfirmForm, RoleForm
from app.blueprints.groups.room import ROLES, bp
from app.extensions import db
from app.forms import tidy_line
from app.models import Group, GroupRole, Membership, User
from app.policy import Ability, can
from app.queries.groups import members_of, membership, open_requests, to_add
from app.services import group_members


@bp.get("/groups/<slug:slug>/members")
@with_group(Ability.MANAGE_MEMBERS)
def members(group: Group) -> ResponseReturnValue:
    """Show who is in the group, asks to be or is invited, and with `q` who could be."""
    return members_page(group)


def members_page(group: Group, error: str = "") -> str:
    words = tidy_line(request.args.get("q"))[:120]
    found = db.session.scalars(to_add(group, words)).all() if words else []
    return render_template(
        "groups/members.html", group=group, words=words, found=found, roles=ROLES, error=error,
        members=db.session.scalars(members_of(group)).all(),
        requests=db.session.scalars(open_requests(group)).all(),
    )  # fmt: skip


def person_meant(form: AddForm) -> User | None:
    """Return whom a form names, when their account is in use."""
    person = db.session.get(User, form.user_id.data) if form.validate() else None
    return person if person is not None and person.is_active else None


@bp.post("/groups/<slug:slug>/members")
@with_group(Ability.MANAGE_GROUP)
def add(group: Group) -> ResponseReturnValue:
    """Add a person whom the search found."""
    person = person_meant(AddForm())
    if person is None or group.archived_at is not None:
        return members_page(group, _("This person cannot be added.")), 422
    if group_members.add(group, person, current_user):
        flash(_("%(name)s is a member now.", name=person.name), "ok")
    return back(group)


@bp.post("/groups/<slug:slug>/members/<id:user_id>/role")
@with_group(Ability.MANAGE_GROUP)
def change_role(group: Group, user_id: int) -> ResponseReturnValue:
    """Give a member another role in the group."""
    found, form = member_or_404(group, user_id), RoleForm()
    if not form.validate():
        return members_page(group, _("Choose a role from the list.")), 422
    try:
        group_members.give_role(group, found, form.role.data, current_user)
    except group_members.LastOwnerError:
        return members_page(group, _("You are alone in this group: it needs an owner.")), 422
    flash(_("The role of %(name)s has been changed.", name=found.user.name), "ok")
    return back(group, found)


@bp.post("/groups/<slug:slug>/members/<id:user_id>/remove")
@with_group(Ability.MANAGE_MEMBERS)
def remove(group: Group, user_id: int) -> ResponseReturnValue:
    """Let a member no longer belong to the group; who leads it is for its owners to remove."""
    found = member_or_404(group, user_id)
    if not can(current_user, Ability.MANAGE_MEMBERS, found):
        abort(403)
    if not ConfirmForm().validate():
        abort(400)
    person = found.user
    group_members.remove(group, person, current_user)
    flash(_("%(name)s is no longer a member.", name=person.name), "ok")
    return redirect(url_for(".index"), 303) if person.id == current_user.id else back(group)


def member_or_404(group: Group, user_id: int) -> Membership:
    """Return a membership of this group."""
    found = db.session.scalar(membership(group, user_id))
    if found is None:
        abort(404)
    return found


def back(group: Group, changed: Membership | None = None) -> ResponseReturnValue:
    """Go back to the members; who no longer leads the group goes to its page."""
    still = (
        changed is None
        or changed.user_id != current_user.id
        or changed.role is not GroupRole.MEMBER
    )
    return redirect(url_for(".members" if still else ".show", slug=group.slug), 303)
