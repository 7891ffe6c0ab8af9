"""Groups: the list, the page of one, making and changing, joining and leaving."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import requires, with_group
from app.blueprints.groups.forms import ConfirmForm, GroupForm, NewGroupForm
from app.blueprints.groups.room import KINDS, READERS, ROLES, bp
from app.extensions import db
from app.lib.keyset import BadCursorError
from app.models import Content, Group, GroupKind
from app.policy import Ability, can
from app.queries.groups import MEMBERS_SHOWN, groups_for, members_of, number_of_members
from app.queries.listing import BY_ACTIVITY, Page, listed, page_of
from app.services import group_members, groups


@bp.get("/groups")
@requires(Ability.READ)
def index() -> ResponseReturnValue:
    """List the groups that the reader may know of."""
    rows = db.session.execute(groups_for(current_user)).all()
    return render_template("groups/index.html", rows=rows, kinds=KINDS, readers=READERS)


@bp.get("/groups/<slug:slug>")
@with_group(Ability.READ)
def show(group: Group) -> ResponseReturnValue:
    """Show a group; to outsiders of a closed one, its name and description only."""
    inside = can(current_user, Ability.SEE_MEMBERS, group)
    members = db.session.scalars(members_of(group).limit(MEMBERS_SHOWN)).all() if inside else ()
    return render_template(
        "groups/show.html", group=group, kinds=KINDS, readers=READERS, roles=ROLES, inside=inside,
        members=members, page=pieces_of(group),
        total=db.session.scalar(number_of_members(group)) if inside else 0,
    )  # fmt: skip


def pieces_of(group: Group) -> Page:
    """Return a page of the group's pieces, as far as the reader may see them."""
    here = listed(current_user).where(Content.group_id == group.id)
    try:
        return page_of(here, BY_ACTIVITY, request.args.get("after"), request.args.get("before"))
    except BadCursorError:
        abort(404)


@bp.route("/groups/new", methods=["GET", "POST"])
@requires(Ability.MAKE_GROUP)
def new() -> ResponseReturnValue:
    """Make a group."""
    form = NewGroupForm()
    if not form.validate_on_submit():
        return render_template("groups/new.html", form=form), 422 if form.errors else 200
    group = groups.make(form.facts(), form.owners, current_user)
    flash(_("The group %(name)s has been made.", name=group.name), "ok")
    known = group.kind is not GroupKind.HIDDEN or current_user in form.owners
    return redirect(url_for(".show", slug=group.slug) if known else url_for(".index"), 303)


@bp.route("/groups/<slug:slug>/edit", methods=["GET", "POST"])
@with_group(Ability.MANAGE_GROUP)
def edit(group: Group) -> ResponseReturnValue:
    """Change what a group is called, who can read it, and the texts that go with it."""
    form = GroupForm(obj=group, group=group, kinds=groups.stricter(group.kind))
    if not form.validate_on_submit():
        html = render_template("groups/edit.html", form=form, group=group)
        return html, 422 if form.errors else 200
    groups.change(group, form.facts(), current_user)
    flash(_("The group has been changed."), "ok")
    return redirect(url_for(".show", slug=group.slug), 303)


@bp.post("/groups/<slug:slug>/join")
@with_group(Ability.JOIN_GROUP)
def join(group: Group) -> ResponseReturnValue:
    """Let the reader belong to an open group."""
    if group_members.add(group, current_user, current_user):
        flash(_("You are a member of %(name)s now.", name=group.name), "ok")
    return redirect(url_for(".show", slug=group.slug), 303)


@bp.route("/groups/<slug:slug>/leave", methods=["GET", "POST"])
@with_group(Ability.LEAVE_GROUP)
def leave(group: Group) -> ResponseReturnValue:
    """Ask whether the reader wants to leave the group, and do it."""
    form = ConfirmForm()
    if not form.validate_on_submit():
        return render_template("groups/leave.html", form=form, group=group)
    group_members.remove(group, current_user, current_user)
    flash(_("You are no longer a member of %(name)s.", name=group.name), "ok")
    return redirect(url_for(".index"), 303)
