"""Deciding who is let in."""

from flask import abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import requires
from app.blueprints.entry.forms import DecisionForm
from app.blueprints.entry.room import bp
from app.extensions import db
from app.lib import htmx
from app.models import Registration
from app.policy import Ability
from app.queries import entry
from app.services import registrations
from app.services.registrations import AlreadyDecided


@bp.get("/people/requests")
@requires(Ability.INVITE)
def requests() -> ResponseReturnValue:
    """List who waits to be let in, who waits longest first, and what was decided last."""
    return page()


def page(filled: tuple[int, DecisionForm] | None = None, status: int = 200) -> ResponseReturnValue:
    """Return the lists; `filled` is the form of one request, as it was sent."""
    waiting = db.session.scalars(entry.open_requests()).all()
    key, sent = filled or (0, None)
    empty = DecisionForm(formdata=None)
    html = render_template(
        "entry/requests.html",
        waiting=[(one, sent if sent and one.id == key else empty) for one in waiting],
        number=db.session.scalar(entry.open_requests_count()),
        decided=db.session.scalars(entry.decided_requests()).all(),
    )
    return html, status


@bp.post("/people/requests/<id:request_id>/approve")
@requires(Ability.INVITE)
def approve(request_id: int) -> ResponseReturnValue:
    """Let someone in: an invitation leaves, with the message."""
    asked, form = found(request_id), DecisionForm()
    if not form.validate():
        return page((request_id, form), 422)
    try:
        registrations.approve(asked, form.message.data.strip(), current_user)
    except AlreadyDecided:
        return too_late(asked)
    flash(_("%(name)s gets an invitation by mail.", name=asked.name), "ok")
    return htmx.see_other(request, url_for(".requests"))


@bp.post("/people/requests/<id:request_id>/decline")
@requires(Ability.INVITE)
def decline(request_id: int) -> ResponseReturnValue:
    """Let someone not in; they get the message."""
    asked, form = found(request_id), DecisionForm()
    if not form.validate() or not form.require_message():
        return page((request_id, form), 422)
    try:
        registrations.decline(asked, form.message.data.strip(), current_user)
    except AlreadyDecided:
        return too_late(asked)
    flash(_("%(name)s gets your message by mail.", name=asked.name), "ok")
    return htmx.see_other(request, url_for(".requests"))


def found(key: int) -> Registration:
    """Return a request."""
    asked = db.session.scalar(entry.to_decide(key))
    if asked is None:
        abort(404)
    return asked


def too_late(asked: Registration) -> ResponseReturnValue:
    """Say who decided before; that stays."""
    return render_template("entry/decided_before.html", asked=asked), 409
