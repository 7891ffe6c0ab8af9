"""Steps in a case: take it, release it, write a note, hand it over, escalate it and close it."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import with_case
from app.blueprints.moderation.case_forms import (
    DISMISSED,
    HIDE,
    CloseForm,
    EscalateForm,
    HandOverForm,
    NoteForm,
)
from app.blueprints.moderation.case_pages import (
    closed_before,
    colleagues,
    done,
    fresh,
    page_of,
    refused,
)
from app.blueprints.moderation.room import bp
from app.lib import htmx
from app.models import Case, CaseState
from app.policy import Ability
from app.services import cases


@bp.post("/moderation/cases/<id:case_id>/take")
@with_case(Ability.HANDLE_REPORTS)
def take_case(case: Case) -> ResponseReturnValue:
    """Take a case in hand."""
    try:
        cases.take(case, current_user)
    except cases.ClosedError:
        return closed_before(case)
    except cases.TakenError:
        holder = fresh(case).taken_by
        name = holder.name if holder else ""
        return refused(case, _("%(name)s has just taken this.", name=name))
    return done(case, _("You have taken this. Others see that you are at it."))


@bp.post("/moderation/cases/<id:case_id>/release")
@with_case(Ability.HANDLE_REPORTS)
def release_case(case: Case) -> ResponseReturnValue:
    """Let someone else take a case."""
    try:
        cases.release(case, current_user)
    except cases.ClosedError:
        return closed_before(case)
    return done(case, _("Someone else can take this now."))


@bp.post("/moderation/cases/<id:case_id>/notes")
@with_case(Ability.HANDLE_REPORTS)
def note_case(case: Case) -> ResponseReturnValue:
    """Write a note for the other moderators."""
    form = NoteForm()
    if not form.validate_on_submit():
        return page_of(case, form, status=422)
    cases.note(case, current_user, form.note.data.strip())
    return done(case, _("Your note has been added."))


@bp.post("/moderation/cases/<id:case_id>/hand-over")
@with_case(Ability.HANDLE_REPORTS)
def hand_over_case(case: Case) -> ResponseReturnValue:
    """Let a colleague go on with a case."""
    form = HandOverForm()
    form.offer(colleagues(case))
    if not form.validate_on_submit():
        return page_of(case, form, status=422)
    person = form.people[form.to.data]
    try:
        cases.hand_over(case, current_user, person, (form.message.data or "").strip())
    except cases.ClosedError:
        return closed_before(case, form)
    return done(case, _("%(name)s has it now.", name=person.name))


@bp.post("/moderation/cases/<id:case_id>/escalate")
@with_case(Ability.HANDLE_REPORTS)
def escalate_case(case: Case) -> ResponseReturnValue:
    """Ask the community manager to decide."""
    form = EscalateForm()
    if not form.validate_on_submit():
        return page_of(case, form, status=422)
    try:
        cases.escalate(case, current_user, form.why.data.strip())
    except cases.ClosedError:
        return closed_before(case, form)
    except cases.AlreadyEscalatedError:
        return refused(case, _("The community manager has been asked already."), form)
    except cases.NobodyError:
        return refused(case, _("There is no community manager who can decide about this."), form)
    return done(case, _("The community manager has been asked to decide."))


@bp.post("/moderation/cases/<id:case_id>/close")
@with_case(Ability.HANDLE_REPORTS)
def close(case: Case) -> ResponseReturnValue:
    """Close a case, with an answer to all who reported."""
    form = CloseForm()
    form.fit(case, current_user)
    if not case.is_under_way:
        return closed_before(case, form)
    if not form.validate_on_submit():
        return page_of(case, form, status=422)
    decision = form.decision.data
    closed = cases.close(
        case, current_user, CaseState.REJECTED if decision == DISMISSED else CaseState.RESOLVED,
        form.outcome.data.strip(), rule=form.rule.data,
        hide_because=form.reason.data.strip() if decision == HIDE else "",
    )  # fmt: skip
    if not closed:
        return closed_before(case, form)
    text = _("Handled. Those who reported it get your answer.")
    if htmx.is_htmx(request):
        return done(case, text)
    flash(text, "ok")
    return redirect(url_for(".queue"), 303)
