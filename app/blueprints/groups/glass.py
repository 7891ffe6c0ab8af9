"""Looking into a closed group in need: with a reason, for an hour, in the sight of its members."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import BooleanField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from app.access import requires, with_group
from app.blueprints.groups.room import bp
from app.extensions import db
from app.forms import REASON_LENGTH, Line, Text
from app.lib import htmx
from app.lib.clock import now
from app.models import Group
from app.policy import Ability, is_member
from app.queries.glass import looked_into, shut_group
from app.services import glass

LEAST = 20
"""So many characters a reason has: the members read it."""


class GlassForm(FlaskForm):
    """Which group, and why."""

    group_name = Line(
        _l("Exact name or address of the group"),
        [InputRequired(), Length(max=250)],
        render_kw={"autocomplete": "off"},
    )
    reason = Text(_l("Reason"), [DataRequired(), Length(max=REASON_LENGTH)])
    confirm = BooleanField(
        _l("I know that the members see that I look, when and why"),
        [DataRequired(_l("Confirm that you know this."))],
    )
    group: Group

    def validate_group_name(self, field: Line) -> None:
        """Find the group; what is not found may be there or not."""
        found = db.session.scalars(shut_group(field.data)).all()
        if not found:
            raise ValidationError(
                _("There is no closed group of this name. An open group can be read by everyone.")
            )
        if len(found) > 1:
            raise ValidationError(_("There is more than one. Fill in the address of the group."))
        if is_member(current_user, found[0]):
            raise ValidationError(_("You are a member of this group: you can read it already."))
        self.group = found[0]

    def validate_reason(self, field: Text) -> None:
        """Ask for a reason that says something."""
        if field.data and len("".join(field.data.split())) < LEAST:
            raise ValidationError(
                _("Tell a bit more: at least %(num)d letters. The members read it.", num=LEAST)
            )


@bp.route("/groups/break-glass", methods=["GET", "POST"])
@requires(Ability.BREAK_GLASS)
def break_glass() -> ResponseReturnValue:
    """Ask which group to look into and why, and open it for an hour."""
    form = GlassForm()
    if not form.validate_on_submit():
        opened = current_user.opened_group_id
        group = db.session.get(Group, opened) if opened else None
        html = render_template("groups/break_glass.html", form=form, group=group)
        return html, 422 if form.errors else 200
    glass.look_into(form.group, current_user, form.reason.data.strip())
    flash(_("You can read this group for an hour. Its members see that."), "ok")
    return redirect(url_for(".show", slug=form.group.slug), 303)


@bp.post("/groups/break-glass/close")
@requires(Ability.BREAK_GLASS)
def close_glass() -> ResponseReturnValue:
    """Look no longer, before the hour is over."""
    glass.close(current_user)
    flash(_("You no longer look along."), "ok")
    return redirect(url_for(".break_glass"), 303)


@bp.get("/groups/<slug:slug>/looked-into")
@with_group(Ability.SEE_MEMBERS)
def looked_in(group: Group) -> ResponseReturnValue:
    """Show who looked into a group without being a member, when and why."""
    found = db.session.scalars(looked_into(group)).all()
    template = "groups/_looked_into.html" if htmx.is_htmx(request) else "groups/looked_into.html"
    return render_template(template, group=group, found=found, now=now())
