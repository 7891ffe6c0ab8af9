"""Muting and blocking another member, and the list in which that is undone."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import InputRequired

from app.access import requires, with_person
from app.blueprints.blocks.room import bp
from app.extensions import db
from app.models import BlockLevel, User
from app.policy import Ability
from app.queries.blocks import kept_away, level_of
from app.services.blocks import keep_away

NOT = "not"
SAID: dict[BlockLevel | None, LazyString] = {
    BlockLevel.MUTE: _l("You muted %(name)s. They do not notice."),
    BlockLevel.BLOCK: _l("You blocked %(name)s. They do not notice."),
    None: _l("You see and hear %(name)s again as before."),
}


class BlockForm(FlaskForm):
    """How far to keep someone at a distance."""

    level = RadioField(
        _l("What do you want?"),
        [InputRequired(_l("Choose what you want."))],
        choices=[
            SelectChoice(NOT, _l("Neither: I see and hear this member as everyone")),
            SelectChoice(
                BlockLevel.MUTE.value,
                _l(
                    "Mute: I do not see their pieces in my lists, their replies are folded, "
                    "and I get no notifications of what they do"
                ),
            ),
            SelectChoice(
                BlockLevel.BLOCK.value,
                _l(
                    "Block: the same, and what they ask me, or where they mention me, does not "
                    "reach me"
                ),
            ),
        ],
    )

    @property
    def chosen(self) -> BlockLevel | None:
        """Return what was chosen; None for neither."""
        return None if self.level.data == NOT else BlockLevel(self.level.data)


@bp.route("/people/<ref:ref>/block", methods=["GET", "POST"])
@with_person(Ability.MUTE)
def edit(person: User) -> ResponseReturnValue:
    """Mute or block a member, or no longer."""
    level = db.session.scalar(level_of(current_user, person))
    form = BlockForm(level=level.value if level else NOT)
    if not form.validate_on_submit():
        html = render_template("blocks/edit.html", person=person, form=form)
        return html, 422 if form.errors else 200
    keep_away(current_user, person, form.chosen)
    flash(SAID[form.chosen] % {"name": person.name}, "ok")
    return redirect(url_for("people.show", ref=person), 303)


@bp.get("/account/blocks")
@requires(Ability.READ)
def index() -> ResponseReturnValue:
    """List whom one mutes or blocks, with a way to undo it."""
    found = db.session.scalars(kept_away(current_user)).all()
    return render_template("blocks/index.html", found=found)


@bp.post("/people/<ref:ref>/unblock")
@with_person(Ability.MUTE)
def undo(person: User) -> ResponseReturnValue:
    """Mute or block a member no longer, from the list."""
    keep_away(current_user, person, None)
    flash(SAID[None] % {"name": person.name}, "ok")
    return redirect(url_for(".index"), 303)
