"""Merging, splitting and moving replies, and undoing that: pages of their own."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.access import with_content
from app.blueprints.moderation.choosing import chosen_replies
from app.blueprints.moderation.measure_forms import MeasureForm
from app.blueprints.moderation.room import bp
from app.blueprints.moderation.transfer_forms import REFUSALS, SplitForm, TargetForm
from app.extensions import db
from app.forms import tidy_line
from app.lib import htmx
from app.models import Comment, Content, Discussion, Transfer
from app.policy import Ability
from app.queries import transfers as queries
from app.services import transfers
from app.services.transfers import RefusedError
from app.templating import url_of


@bp.route("/content/<id:content_id>/merge", methods=["GET", "POST"])
@with_content(Content, Ability.MERGE)
def merge(content: Content) -> ResponseReturnValue:
    """Ask into which discussion this one goes, or merge them."""
    form = TargetForm()
    form.fit(content)
    words = {
        "title": _("Merge with another discussion"),
        "explained": _(
            "The opening and the replies of this discussion come at the end of the other one. This page stays, and leads there. You can undo it."
        ),
        "act": _("Merge"),
        "url": url_for(".merge", content_id=content.id),
    }

    def do() -> ResponseReturnValue:
        transfers.merge(
            of_discussion(content), of_discussion(form.found), current_user, form.because,
            form.grounds,
        )  # fmt: skip
        return gone(form.found, _("The discussions have been merged."))

    return asked(content, form, words, do)


@bp.route("/content/<id:content_id>/replies/move", methods=["GET", "POST"])
@with_content(Content, Ability.MERGE)
def replies_move(content: Content) -> ResponseReturnValue:
    """Ask to which discussion the chosen replies go, or move them."""
    replies = chosen_replies(content)
    form = TargetForm()
    form.fit(content)
    words = {
        "title": _("Move to another discussion"),
        "explained": _(
            "The replies come at the end of the other discussion. Their addresses keep working. You can undo it."
        ),
        "act": _("Move"),
        "url": url_for(".replies_move", content_id=content.id),
    }

    def do() -> ResponseReturnValue:
        transfers.move_replies(
            of_discussion(content), of_discussion(form.found), replies, current_user,
            form.because, grounds=form.grounds,
        )  # fmt: skip
        number = len(replies)
        said = ngettext("%(num)d reply has been moved.", "%(num)d replies have been moved.", number)
        return gone(form.found, said)

    return asked(content, form, words, do, replies)


@bp.route("/content/<id:content_id>/replies/split", methods=["GET", "POST"])
@with_content(Content, Ability.MERGE)
def replies_split(content: Content) -> ResponseReturnValue:
    """Ask for a title, or make a discussion of the chosen replies."""
    replies = chosen_replies(content)
    form = SplitForm()
    words = {
        "title": _("Split off as a discussion"),
        "explained": _(
            "The first reply becomes the opening of a new discussion, the others stand below it. You can undo it."
        ),
        "act": _("Split off"),
        "url": url_for(".replies_split", content_id=content.id),
    }

    def do() -> ResponseReturnValue:
        made = transfers.split(
            of_discussion(content), form.title.data, replies, current_user, form.because,
            grounds=form.grounds,
        )  # fmt: skip
        return gone(made, _("The new discussion is here."))

    return asked(content, form, words, do, replies)


@bp.route("/content/<id:content_id>/transfers/<id:transfer_id>/undo", methods=["GET", "POST"])
@with_content(Content, Ability.MERGE)
def undo_transfer(content: Content, transfer_id: int) -> ResponseReturnValue:
    """Ask why, or put back what was merged into a discussion, split off as it, or moved there."""
    transfer = db.session.scalar(queries.one(current_user, content, transfer_id))
    if transfer is None:
        abort(404)
    return undo(transfer)


def undo(transfer: Transfer) -> ResponseReturnValue:
    """Put replies back where they stood."""
    form = MeasureForm()
    words = {
        "title": _("Undo"),
        "explained": _("The replies go back to where they stood."),
        "act": _("Put back"),
        "url": url_for(
            ".undo_transfer", content_id=transfer.target_id, transfer_id=transfer.id
        ),
    }  # fmt: skip

    def do() -> ResponseReturnValue:
        transfers.undo(transfer, current_user, form.because)
        return gone(transfer.source, _("It is as it was."))

    return asked(transfer.source, form, words, do)


@bp.get("/content/<id:content_id>/transfers")
@with_content(Content, Ability.READ)
def trace(content: Content) -> ResponseReturnValue:
    """Show what came from other discussions, and what went there: a page, or lines on one."""
    found = db.session.execute(queries.traces(current_user, content)).all()
    name = "moderation/_trace.html" if htmx.is_htmx(request) else "moderation/trace.html"
    return render_template(name, content=content, traces=found)


def asked(
    content: Content, form: Any, words: dict[str, str], do: Callable[[], ResponseReturnValue],
    replies: Sequence[Comment] | None = None,
) -> ResponseReturnValue:  # fmt: skip
    """Do what was asked, or show the form: with what is wrong, or what was searched for."""
    if replies is not None and not replies:
        flash(_("Choose one or more replies first."), "info")
        return redirect(url_for(".replies", content_id=content.id), 303)
    if form.validate_on_submit():
        try:
            return do()
        except RefusedError as refused:
            db.session.rollback()
            form.form_errors.append(str(REFUSALS[refused.reason]))
    found: Sequence[Any] = ()
    q = tidy_line(request.args.get("q"))[:200]
    if isinstance(form, TargetForm):
        if request.method == "GET":
            form.target.data = tidy_line(request.args.get("target"))[:500]
        found = db.session.execute(queries.candidates(current_user, content, q)).all() if q else ()
    html = render_template(
        "moderation/transfer.html", content=content, form=form, words=words, q=q, found=found,
        chosen=replies or (),
    )  # fmt: skip
    return html, 422 if form.errors else 200


def gone(place: Content, said: str) -> ResponseReturnValue:
    """Lead to where it went."""
    flash(said, "ok")
    return htmx.see_other(request, url_of(place))


def of_discussion(content: Content) -> Discussion:
    """Return a piece as the discussion that it is: `refusal` and the rights looked before."""
    assert isinstance(content, Discussion)
    return content
