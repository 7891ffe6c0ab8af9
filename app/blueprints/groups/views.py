"""Groups: the list, the page of one, making and changing, joining and leaving."""

from datetime import timedelta

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import ColumnElement

from app.access import requires, with_group
from app.blueprints.groups.forms import GroupForm, LeaveForm, NewGroupForm
from app.blueprints.groups.room import KINDS, READERS, ROLES, bp
from app.extensions import db
from app.lib.clock import now
from app.lib.keyset import BadCursorError
from app.models import Content, Discussion, Group, GroupKind
from app.policy import Ability, can, memberships_of
from app.queries.groups import (
    MEMBERS_SHOWN,
    groups_for,
    members_of,
    number_of_members,
    own_request,
    requests_of,
    silent_groups,
)
from app.queries.listing import BY_ACTIVITY, Page, listed, open_for_answers, page_of
from app.services import group_members, groups

NEW_FOR = timedelta(days=7)
"""So long the welcome message stands on the page for who joined."""
question = Discussion.__table__.c
VIEWS: dict[str, tuple[ColumnElement[bool], ...]] = {
    "": (),
    "unanswered": (
        question.is_question.is_(True), question.answer_id.is_(None), open_for_answers(),
    ),
    "answered": (question.answer_id.is_not(None),),
}  # fmt: skip
"""Which questions the page of the group for help shows."""


@bp.get("/groups")
@requires(Ability.READ)
def index() -> ResponseReturnValue:
    """List the groups that the reader may know of, and what they are asked and ask."""
    rows = db.session.execute(groups_for(current_user)).all()
    silent = None
    if can(current_user, Ability.MAKE_GROUP):
        silent = db.session.execute(silent_groups(current_user)).all()
    return render_template(
        "groups/index.html", kinds=KINDS, readers=READERS, silent=silent,
        rows=[row for row in rows if row[0].archived_at is None],
        archived=[row for row in rows if row[0].archived_at is not None],
        requests=db.session.scalars(requests_of(current_user)).all(),
    )  # fmt: skip


@bp.get("/groups/<slug:slug>")
@with_group(Ability.READ)
def show(group: Group) -> ResponseReturnValue:
    """Show a group; to outsiders of a closed one, its name and description only."""
    inside = can(current_user, Ability.SEE_MEMBERS, group)
    view = request.args.get("view", "")
    if view not in VIEWS or (view and not group.is_support):
        abort(404)
    members = db.session.scalars(members_of(group).limit(MEMBERS_SHOWN)).all() if inside else ()
    asks = can(current_user, Ability.REQUEST_MEMBERSHIP, group)
    own = next((m for m in memberships_of(current_user) if m.group_id == group.id), None)
    return render_template(
        "groups/show.html", group=group, kinds=KINDS, readers=READERS, roles=ROLES, inside=inside,
        members=members, page=pieces_of(group, view), view=view, asks=asks,
        waiting=db.session.scalar(own_request(group, current_user)) if asks else None,
        is_new=own is not None and own.joined_at > now() - NEW_FOR,
        total=db.session.scalar(number_of_members(group)) if inside else 0,
    )  # fmt: skip


def pieces_of(group: Group, view: str) -> Page:
    """Return a page of the group's pieces, as far as the reader may see them."""
    here = listed(current_user).where(Content.group_id == group.id, *VIEWS[view])
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
    """Ask whether the reader wants to leave the group, and do it; an owner says who takes over."""
    others = []
    if can(current_user, Ability.MANAGE_GROUP, group):
        members = db.session.scalars(members_of(group)).all()
        others = [member for member in members if member.user_id != current_user.id]
    form = LeaveForm(others=others)
    if not form.validate_on_submit():
        html = render_template("groups/leave.html", form=form, group=group)
        return html, 422 if form.errors else 200
    heir_id = form.heir_id.data if form.heir_id else None
    try:
        group_members.remove(group, current_user, current_user, heir_id)
    except group_members.HeirGoneError:
        form.form_errors.append(_("Who you chose has just left the group. Choose someone else."))
        return render_template("groups/leave.html", form=form, group=group), 422
    flash(_("You are no longer a member of %(name)s.", name=group.name), "ok")
    return redirect(url_for(".index"), 303)
