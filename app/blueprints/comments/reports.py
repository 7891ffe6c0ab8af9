"""Reporting a reply."""

from flask.typing import ResponseReturnValue

from app.access import with_comment
from app.blueprints.comments.views import bp
from app.models import Comment
from app.policy import Ability
from app.reporting import take_report


@bp.route("/comments/<id:comment_id>/report", methods=["GET", "POST"])
@with_comment(Ability.REPORT)
def report(comment: Comment) -> ResponseReturnValue:
    """Tell the moderators that something is the matter with a reply."""
    return take_report(comment)
