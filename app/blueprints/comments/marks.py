"""What others add to a reply: answer, summary, likes."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import with_comment
from app.blueprints.comments.views import address_of, bp, changed, number_in_address
from app.lib import htmx
from app.models import Comment
from app.policy import Ability
from app.queries import reactions as queries
from app.services import comments, reactions


def intention(name: str) -> bool:
    """Return what was asked for, 1 or 0: a toggle would undo what was sent twice."""
    value = request.form.get(name)
    if value not in {"0", "1"}:
        abort(400)
    return value == "1"


@bp.post("/comments/<id:comment_id>/answer")
@with_comment(Ability.MARK_ANSWER)
def answer(comment: Comment) -> ResponseReturnValue:
    """Mark a reply as the answer to the question, or no longer."""
    if intention("marked"):
        comments.mark_answer(comment, current_user)
        return changed(comment, _("This reply is now the answer."))
    comments.unmark_answer(comment)
    return changed(comment, _("This reply is no longer the answer."))


@bp.post("/comments/<id:comment_id>/summary")
@with_comment(Ability.MARK_SUMMARY)
def summary(comment: Comment) -> ResponseReturnValue:
    """Pin a reply under the opening as its summary, or no longer."""
    if intention("marked"):
        comments.mark_summary(comment, current_user)
        return changed(comment, _("This reply is now the summary."))
    comments.unmark_summary(comment)
    return changed(comment, _("This reply is no longer the summary."))


@bp.post("/comments/<id:comment_id>/like")
@with_comment(Ability.LIKE)
def like(comment: Comment) -> ResponseReturnValue:
    """Appreciate a reply, or no longer."""
    liked = intention("liked")
    reactions.like(comment, current_user, wanted=liked)
    if htmx.is_htmx(request):
        return render_template("content/like.htmx.html", subject=comment, liked=liked)
    return htmx.see_other(request, address_of(comment))


@bp.get("/comments/<id:comment_id>/likes")
@with_comment(Ability.READ)
def likes(comment: Comment) -> ResponseReturnValue:
    """Show who appreciates a reply."""
    page = queries.names(comment, number_in_address("before"))
    return render_template(
        "content/likes.html", content=comment.content, back=address_of(comment), page=page,
        address="comments.likes", key={"comment_id": comment.id},
        title=_("Who appreciates reply #%(number)s", number=comment.position),
    )  # fmt: skip
