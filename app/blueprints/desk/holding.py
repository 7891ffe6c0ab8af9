"""Seeing to a piece: taking it, letting it go, handing it over."""

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import with_content
from app.blueprints.desk import rows
from app.blueprints.desk.forms import HandForm
from app.blueprints.desk.room import bp
from app.extensions import db
from app.models import Discussion, User
from app.policy import Ability
from app.queries.copies import LARGEST
from app.queries.desk import carers_for
from app.services import attention


@bp.post("/desk/attention/<id:content_id>/claim")
@with_content(Discussion, Ability.SEE_ATTENTION)
def claim(content: Discussion) -> ResponseReturnValue:
    """See to a piece; `instead_of` names who did so until now."""
    if rows.row_of(content) is None:
        return rows.gone(content)
    holder_id = request.form.get("instead_of", 0, type=int)
    try:
        if 0 < holder_id < LARGEST:
            attention.take_over(content, rows.me(), holder_id)
        else:
            attention.claim(content, rows.me())
    except attention.TakenByAnother as taken:
        return rows.too_late(content, taken)
    return rows.answer(content, _("You see to this now."))


@bp.post("/desk/attention/<id:content_id>/let-go")
@with_content(Discussion, Ability.SEE_ATTENTION)
def let_go(content: Discussion) -> ResponseReturnValue:
    """No longer see to a piece."""
    attention.let_go(content, rows.me())
    return rows.answer(content, _("You no longer see to this."))


@bp.route("/desk/attention/<id:content_id>/hand-over", methods=["GET", "POST"])
@with_content(Discussion, Ability.SEE_ATTENTION)
def hand_over(content: Discussion) -> ResponseReturnValue:
    """Ask a colleague to see to a piece."""
    if rows.row_of(content) is None:
        return rows.gone(content)
    form = HandForm()
    others = db.session.scalars(carers_for(content).where(User.id != rows.me().id)).all()
    form.offer(others)
    if not form.is_submitted():
        return rows.form_page("hand", content, form=form, others=others)
    if not form.validate():
        return rows.form_page("hand", content, 422, form=form, others=others)
    try:
        to = attention.hand_over(content, rows.me(), form.to.data, form.message.data)
    except attention.TakenByAnother as taken:
        return rows.too_late(content, taken)
    return rows.answer(content, _("%(name)s hears that you hand this over.", name=to.name))
