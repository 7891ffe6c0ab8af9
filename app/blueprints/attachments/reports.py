"""Reporting a document."""

from flask.typing import ResponseReturnValue

from app.access import with_attachment
from app.blueprints.attachments.views import bp
from app.models import Attachment
from app.policy import Ability
from app.reporting import take_report


@bp.route("/attachments/<ref:ref>/report", methods=["GET", "POST"])
@with_attachment(Ability.REPORT)
def report(attachment: Attachment) -> ResponseReturnValue:
    """Tell the moderators that something is the matter with a document."""
    return take_report(attachment)
