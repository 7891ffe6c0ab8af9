"""Whether a page is agreed: offered to colleagues, adopted by one of them, or sent back."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import with_content
from app.blueprints.wikis.forms import SendBackForm
from app.blueprints.wikis.views import bp
from app.models import WikiPage
from app.policy import Ability
from app.services import standings


def back(page: WikiPage, message: str, kind: str = "ok") -> ResponseReturnValue:
    """Return to the page with a message."""
    flash(message, kind)
    return redirect(url_for(".show", ref=page), 303)


def too_late(page: WikiPage) -> ResponseReturnValue:
    """Tell that the page is not what it was when the reader opened it."""
    return back(page, _("Somebody changed this page just now. Look at it again."), "warning")


@bp.post("/wikis/<ref:ref>/offer")
@with_content(WikiPage, Ability.WRITE_WIKI)
def offer(page: WikiPage) -> ResponseReturnValue:
    """Offer a concept to the other specialists of the theme."""
    try:
        standings.offer(page, current_user)
    except standings.NotNow:
        return too_late(page)
    return back(page, _("The other specialists of this theme hear that you offer this page."))


@bp.post("/wikis/<ref:ref>/adopt")
@with_content(WikiPage, Ability.ADOPT_WIKI)
def adopt(page: WikiPage) -> ResponseReturnValue:
    """Put a page in force that a colleague offered, in the version that was read."""
    try:
        standings.adopt(page, current_user, request.form.get("version", 0, type=int))
    except standings.NotNow:
        return too_late(page)
    return back(page, _("The page is in force."))


@bp.route("/wikis/<ref:ref>/send-back", methods=["GET", "POST"])
@with_content(WikiPage, Ability.ADOPT_WIKI)
def send_back(page: WikiPage) -> ResponseReturnValue:
    """Make a page that was offered a concept again, and say why."""
    form = SendBackForm()
    if not form.validate_on_submit():
        html = render_template("wikis/send_back.html", content=page, form=form)
        return html, 422 if form.is_submitted() else 200
    try:
        standings.send_back(page, current_user, form.reason.data)
    except standings.NotNow:
        return too_late(page)
    return back(page, _("The page is a concept again. Who offered it hears why."))
