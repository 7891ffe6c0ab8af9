"""Decisions: the page of one, all about the reader, and the newest about a piece or a reply."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.access import requires, with_comment, with_content, with_decision
from app.blueprints.decisions.room import bp
from app.blueprints.decisions.sheet import show_page
from app.blueprints.decisions.texts import LASTING, measure_label
from app.extensions import db
from app.lib.keyset import BadCursorError
from app.models import Comment, Content, Decision
from app.policy import Ability
from app.queries import decisions as queries


@bp.get("/decisions/<id:decision_id>")
@with_decision(Ability.SEE_DECISION)
def show(decision: Decision) -> ResponseReturnValue:
    """Show what was decided, by whom, by which rule and why, and what became of an objection."""
    return show_page(decision)


@bp.get("/account/decisions")
@requires(Ability.READ)
def mine() -> ResponseReturnValue:
    """List the decisions about the reader, newest first."""
    after, before = request.args.get("after"), request.args.get("before")
    try:
        page = queries.NEWEST.page(queries.about(current_user.id), after, before)
    except BadCursorError:
        abort(404)
    return render_template(
        "decisions/mine.html", page=page, measure_label=measure_label, lasting=LASTING
    )


@bp.get("/decisions/of/content/<id:content_id>")
@with_content(Content, Ability.READ)
def of_content(content: Content) -> ResponseReturnValue:
    """Lead to the newest decision about a piece."""
    return lead_to(Decision.content_id == content.id, Decision.comment_id.is_(None))


@bp.get("/decisions/of/comments/<id:comment_id>")
@with_comment(Ability.READ)
def of_comment(comment: Comment) -> ResponseReturnValue:
    """Lead to the newest decision about a reply."""
    return lead_to(Decision.comment_id == comment.id)


def lead_to(*about: object) -> ResponseReturnValue:
    """Lead to the newest decision that the reader may read; 404 when there is none."""
    found = queries.decisions(current_user).where(*about)  # type: ignore[arg-type]  # conditions
    key = db.session.scalar(
        found.with_only_columns(Decision.id).order_by(Decision.id.desc()).limit(1)
    )
    if key is None:
        abort(404)
    return redirect(url_for(".show", decision_id=key), 303)
