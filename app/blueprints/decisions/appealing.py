"""Objecting to a decision, once and in time; and deciding about that, by someone else."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import drafting
from app.access import look_again, with_decision
from app.blueprints.decisions.forms import AppealForm, DecideForm
from app.blueprints.decisions.room import bp
from app.blueprints.decisions.sheet import show_page
from app.blueprints.decisions.texts import measure_label
from app.models import AppealState, Decision
from app.policy import Ability, open_to_objection
from app.services import appeals
from app.services.decisions import objects_until


@bp.route("/decisions/<id:decision_id>/appeal", methods=["GET", "POST"])
@with_decision(Ability.APPEAL)
def appeal(decision: Decision) -> ResponseReturnValue:
    """Object to a decision, or write down the objection of who cannot sign in."""
    own = decision.person_id == current_user.id
    if not open_to_objection(decision):
        return over(decision)
    form = AppealForm()
    place = f"decisions:{decision.id}:appeal"
    if not form.validate_on_submit():
        html = render_template(
            "decisions/appeal.html", decision=decision, form=form, own=own,
            label=measure_label(decision), objects_until=objects_until(decision),
            sheet=drafting.sheet(place, form),
        )  # fmt: skip
        return html, 422 if form.errors else 200
    new = appeals.file(decision, form.body.data.strip(), None if own else current_user)
    drafting.sent(place)
    if new:
        flash(_("Your objection has been sent. Someone else decides about it."), "ok")
    else:
        flash(_("There is an objection to this decision already."), "info")
    return redirect(url_for(".show", decision_id=decision), 303)


def over(decision: Decision) -> ResponseReturnValue:
    """Tell why someone cannot object any more."""
    html = render_template(
        "decisions/over.html", decision=decision, label=measure_label(decision),
        objects_until=objects_until(decision),
    )  # fmt: skip
    return html, 409 if decision.appeal else 410


@bp.post("/decisions/<id:decision_id>/appeal/decide")
@with_decision(Ability.DECIDE_APPEAL)
def decide(decision: Decision) -> ResponseReturnValue:
    """Decide about an objection; who is too late hears what was decided."""
    if decision.appeal is None:
        abort(404)
    form = DecideForm()
    if decision.appeal.decided_at is None and not form.validate_on_submit():
        return show_page(decision, form, 422)
    try:
        done = appeals.decide(
            decision, current_user, AppealState(form.outcome.data), (form.reason.data or "").strip()
        )
    except (appeals.DecidedMeanwhile, ValueError):
        return show_page(look_again(), status=409, too_late=True)
    flash(_("You have decided. The person hears it, with your reason."), "ok")
    if not done:
        flash(_("This measure is not undone by itself: see below what is left to do."), "info")
    return redirect(url_for(".show", decision_id=decision), 303)
