"""Reporting a piece."""

from flask.typing import ResponseReturnValue

from app.access import with_content
from app.blueprints.content.views import bp
from app.models import Content
from app.policy import Ability
from app.reporting import take_report


@bp.route("/content/<id:content_id>/report", methods=["GET", "POST"])
@with_content(Content, Ability.REPORT)
def report(content: Content) -> ResponseReturnValue:
    """Tell the moderators that something is the matter with a piece."""
    return take_report(content)
