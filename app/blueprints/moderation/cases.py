"""The queue: reports that wait for a moderator, and what became of earlier ones."""

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import requires, with_comment, with_content
from app.blueprints.moderation.forms import SettleForm, Subject
from app.blueprints.moderation.room import bp
from app.lib import htmx
from app.lib.keyset import BadCursorError
from app.models import Comment, Content, ReportState
from app.policy import Ability
from app.queries.moderation import SETTLED, case_of, open_cases, settled
from app.reporting import REASONS
from app.services import reports


@bp.get("/moderation")
@requires(Ability.HANDLE_REPORTS)
def queue() -> ResponseReturnValue:
    """List what waits, oldest first; or with `?state=handled` what was settled."""
    if request.args.get("state") == "handled":
        return handled()
    cases = open_cases(current_user)
    return render_template(
        "moderation/queue.html", cases=cases, form=SettleForm(formdata=None), reasons=REASONS
    )


def handled() -> ResponseReturnValue:
    """List the reports that were settled, newest first."""
    try:
        page = SETTLED.page(
            settled(current_user), request.args.get("after"), request.args.get("before")
        )
    except BadCursorError:
        abort(404)
    return render_template("moderation/handled.html", page=page, reasons=REASONS)


@bp.route("/content/<id:content_id>/reports", methods=["GET", "POST"])
@with_content(Content, Ability.HANDLE_REPORTS)
def settle_content(content: Content) -> ResponseReturnValue:
    """Show the open reports of a piece, or settle them."""
    return settle(content)


@bp.route("/comments/<id:comment_id>/reports", methods=["GET", "POST"])
@with_comment(Ability.HANDLE_REPORTS)
def settle_comment(comment: Comment) -> ResponseReturnValue:
    """Show the open reports of a reply, or settle them."""
    return settle(comment)


def settle(subject: Subject) -> ResponseReturnValue:
    """Show the reports of a subject with the form, or settle all that are open."""
    case, form = case_of(subject), SettleForm()
    if not case.reports:
        return too_late(subject)
    if not form.validate_on_submit():
        template = "moderation/_case.html" if htmx.is_htmx(request) else "moderation/case.html"
        html = render_template(template, case=case, form=form, reasons=REASONS, open=True)
        return make_response(html, 422 if form.errors else 200)
    decision = form.decision.data
    state = ReportState.DISMISSED if decision == "dismissed" else ReportState.UPHELD
    reason = (form.reason.data or "").strip() if decision == "hide" else ""
    if not reports.settle(subject, current_user, state, form.outcome.data.strip(), reason):
        return too_late(subject)
    text = _("Handled. Those who reported it get your answer.")
    if htmx.is_htmx(request):
        return render_template("moderation/_settled.html", case=case, text=text, kind="ok")
    flash(text, "ok")
    return redirect(url_for("moderation.queue"), 303)


def too_late(subject: Subject) -> ResponseReturnValue:
    """Say who settled these reports before; what they decided stays."""
    case = case_of(subject, state=None)
    if not case.reports:
        abort(404)
    last = case.reports[0]
    name = last.handled_by.name if last.handled_by else ""
    text = _("%(name)s has handled this already: %(outcome)s", name=name, outcome=last.outcome)
    template = "_settled" if htmx.is_htmx(request) else "too_late"
    html = render_template(f"moderation/{template}.html", case=case, text=text, kind="info")
    return make_response(html, 409 if request.method == "POST" else 200)
