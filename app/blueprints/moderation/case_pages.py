"""The page of a case, and the same in place after a step."""

from flask import Response, abort, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm

from app.blueprints.moderation.case_forms import CloseForm, EscalateForm, HandOverForm, NoteForm
from app.extensions import db
from app.lib import htmx
from app.models import Case, User
from app.queries.cases import handlers, one
from app.reporting import reason_label
from app.services.cases import subject_of


def page_of(
    case: Case,
    given: FlaskForm | None = None,
    *,
    said: str = "",
    problem: str = "",
    status: int = 200,
) -> Response:
    """Return the page of a case, or in place what changes of it.

    `given` is a form that was filled in and did not go through: what stands in it is kept. `said` is
    read aloud, `problem` tells why nothing was done.
    """
    forms = forms_for(case, given)
    template = "moderation/_case.html" if htmx.is_htmx(request) else "moderation/case.html"
    html = render_template(
        template, case=case, subject=subject_of(case), forms=forms, said=said, problem=problem,
        reason_label=reason_label, opened=type(given).__name__,
    )  # fmt: skip
    return make_response(html, status)


def forms_for(case: Case, given: FlaskForm | None) -> dict[str, FlaskForm]:
    """Return the forms of a case by their names, empty but for the one that was given."""
    kinds: tuple[type[FlaskForm], ...] = (NoteForm, HandOverForm, EscalateForm, CloseForm)
    forms = {
        kind.__name__: given if isinstance(given, kind) else kind(formdata=None) for kind in kinds
    }
    if case.is_under_way and given is not forms["HandOverForm"]:
        forms["HandOverForm"].offer(colleagues(case))
    if given is not forms["CloseForm"]:
        forms["CloseForm"].fit(case, current_user)
    return forms


def colleagues(case: Case) -> list[User]:
    """Return to whom a case can be handed: all who may handle it but who asks and who has it."""
    own = {current_user.id, case.taken_by_id}
    return [person for person in handlers(case) if person.id not in own]


def fresh(case: Case) -> Case:
    """Return a case as it is now, after a step of this reader or of another."""
    found = one(current_user, case.id).execution_options(populate_existing=True)
    return db.session.scalars(found).unique().one_or_none() or abort(404)


def done(case: Case, text: str) -> Response:
    """Say that a step was taken: in place, or on the page of the case."""
    if htmx.is_htmx(request):
        return page_of(fresh(case), said=text)
    flash(text, "ok")
    return Response(status=303, headers={"Location": url_for("moderation.case", case_id=case.id)})


def refused(case: Case, problem: str, given: FlaskForm | None = None) -> Response:
    """Say why nothing was done, with the case as it is now; what was filled in is kept."""
    return page_of(fresh(case), given, problem=problem, status=409)


def closed_before(case: Case, given: FlaskForm | None = None) -> Response:
    """Say who closed a case, and how."""
    now_closed = fresh(case)
    name = now_closed.closed_by.name if now_closed.closed_by else ""
    outcome = now_closed.outcome
    problem = _("%(name)s has handled this already: %(outcome)s", name=name, outcome=outcome)
    return page_of(now_closed, given, problem=problem, status=409)
