"""Notifications: the list, opening one, and marking all as read."""

from datetime import datetime

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import update

from app.access import requires
from app.blueprints.notifications.texts import MEASURES, message_of, sentence
from app.extensions import db
from app.lib import htmx
from app.lib.clock import now
from app.lib.keyset import BadCursorError, decode_cursor, encode_cursor
from app.models import Group, Notification
from app.policy import Ability, can
from app.queries import notifications as queries
from app.services.activity import Verb
from app.templating import url_of

bp = Blueprint("notifications", __name__)


def shows(notification: Notification, visible: int) -> bool:
    """Tell whether the reader may know which piece this is about: their own, always."""
    content = notification.content
    return bool(visible) or (content is not None and content.author_id == current_user.id)


@bp.get("/notifications")
@requires(Ability.READ)
def index() -> ResponseReturnValue:
    """Show the news of the reader, unread first."""
    try:
        after = decode_cursor(request.args.get("after"), (int, datetime, int))
    except BadCursorError:
        abort(404)
    rows = db.session.execute(queries.inbox(current_user, after)).all()
    shown = rows[: queries.NEWS_A_PAGE]
    more = len(rows) > len(shown)
    news = [
        (
            row,
            sentence(row, visible=shows(row, visible)),
            message_of(row, visible=shows(row, visible)),
        )
        for row, visible in shown
    ]
    further = encode_cursor(*queries.place(shown[-1][0])) if more else None
    return render_template("notifications/index.html", news=news, after=further, measures=MEASURES)


@bp.post("/notifications/<id:notification_id>/open")
@requires(Ability.READ)
def open(notification_id: int) -> ResponseReturnValue:  # noqa: A001  # the endpoint's name
    """Mark one as read and lead on to what it is about."""
    row = db.session.execute(
        queries.of(current_user).where(Notification.id == notification_id)
    ).one_or_none()
    if row is None:
        abort(404)
    notification, visible = row
    notification.read_at = notification.read_at or now()
    asked = notification.proposal
    if asked is not None and can(current_user, Ability.READ_PROPOSAL, asked):
        path = url_for("proposals.show", proposal_id=notification.proposal_id)
        return htmx.see_other(request, path)
    if notification.case_id is not None:
        return htmx.see_other(request, url_for("moderation.case", case_id=notification.case_id))
    if notification.decision_id is not None:
        path = url_for("decisions.show", decision_id=notification.decision_id)
        return htmx.see_other(request, path)
    if notification.group is not None:
        return htmx.see_other(request, address_in(notification.group, notification.verb))
    if not visible or notification.content is None:
        flash(_("You can no longer see what this is about."), "info")
        return htmx.see_other(request, url_for(".index"))
    if notification.comment_id is not None:
        path = url_for("comments.show", comment_id=notification.comment_id)
    else:
        path = url_of(notification.content)
    return htmx.see_other(request, path)


@bp.post("/notifications/read")
@requires(Ability.READ)
def read_all() -> ResponseReturnValue:
    """Mark all as read."""
    db.session.execute(
        update(Notification)
        .where(Notification.user_id == current_user.id, Notification.read_at.is_(None))
        .values(read_at=now())
        .execution_options(synchronize_session=False)
    )
    flash(_("All notifications have been read."), "ok")
    return htmx.see_other(request, url_for(".index"))


def address_in(group: Group, verb: str) -> str:
    """Return where someone goes for news of a group: what waits for an answer has its own place."""
    if verb == Verb.GROUP_ASKED and can(current_user, Ability.MANAGE_MEMBERS, group):
        return url_for("groups.members", slug=group.slug)
    invited = verb == Verb.GROUP_INVITED and not can(current_user, Ability.LEAVE_GROUP, group)
    if invited or not can(current_user, Ability.READ, group):
        return url_for("groups.index")
    return url_for("groups.show", slug=group.slug)
