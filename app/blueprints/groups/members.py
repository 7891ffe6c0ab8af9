"""The members of a group, managed by its owners."""

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
from app.policy import Ability
from app.queries.groups import members_of, membership, to_add
from app.services import group_members


@bp.get("/groups/<slug:slug>/members")
@with_group(Ability.MANAGE_GROUP)
def members(group: Group) -> ResponseReturnValue:
    """Show who belongs to the group, and with `q` who could be added."""
    return members_page(group)


def members_page(group: Group, error: str = "") -> str:
    words = tidy_line(request.args.get("q"))[:120]
    found = db.session.scalars(to_add(group, words)).all() if words else []
    return render_template(
        "groups/members.html", group=group, words=words, found=found, roles=ROLES, error=error,
        members=db.session.scalars(members_of(group)).all(),
    )  # fmt: skip


@bp.post("/groups/<slug:slug>/members")
@with_group(Ability.MANAGE_GROUP)
def add(group: Group) -> ResponseReturnValue:
    """Add a person whom the search found."""
    form = AddForm()
    person = db.session.get(User, form.user_id.data) if form.validate() else None
    if person is None or not person.is_active:
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
        return members_page(group, last_owner()), 422
    flash(_("The role of %(name)s has been changed.", name=found.user.name), "ok")
    return back(group, found)


@bp.post("/groups/<slug:slug>/members/<id:user_id>/remove")
@with_group(Ability.MANAGE_GROUP)
def remove(group: Group, user_id: int) -> ResponseReturnValue:
    """Let a member no longer belong to the group."""
    found, form = member_or_404(group, user_id), ConfirmForm()
    if not form.validate():
        abort(400)
    try:
        group_members.remove(group, found.user, current_user)
    except group_members.LastOwnerError:
        return members_page(group, last_owner()), 422
    flash(_("%(name)s is no longer a member.", name=found.user.name), "ok")
    return redirect(url_for(".index"), 303) if user_id == current_user.id else back(group)


def member_or_404(group: Group, user_id: int) -> Membership:
    """Return a membership of this group."""
    found = db.session.scalar(membership(group, user_id))
    if found is None:
        abort(404)
    return found


def last_owner() -> str:
    """Say why the last owner stays."""
    return str(_("A group needs an owner. Make someone else owner first."))


def back(group: Group, changed: Membership | None = None) -> ResponseReturnValue:
    """Go back to the members; who is no longer an owner goes to the group."""
    still = changed is None or changed.user_id != current_user.id or changed.role is GroupRole.OWNER
    return redirect(url_for(".members" if still else ".show", slug=group.slug), 303)
