"""Asking the community manager something, and answering it."""

from math import ceil

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app import drafting
from app.access import requires, with_help_request
from app.blueprints.help.forms import AnswerForm, HelpForm
from app.extensions import db
from app.lib import htmx
from app.lib.clock import now
from app.lib.working_days import working_days_between
from app.models import HelpRequest, Role
from app.policy import Ability
from app.queries.groups import for_help
from app.queries.help import PAGE, STATES, help_page, help_requests, late_since, number_of
from app.queries.themes import themes
from app.services import help_requests as service
from app.services.roles import holders
from app.site import site

bp = Blueprint("help", __name__)


@bp.get("/help-requests")
@requires(Ability.ASK_HELP)
def index() -> ResponseReturnValue:
    """List one's own questions; for the manager those of everyone, what waits longest on top."""
    state = request.args.get("state", "")
    if state and state not in STATES:
        abort(404)
    number = request.args.get("page", 1, type=int)
    found = help_requests(current_user, state)
    total = db.session.scalar(number_of(found)) or 0
    if not 1 <= number <= max(1, ceil(total / PAGE)):
        abort(404)
    return render_template(
        "help/index.html", rows=db.session.scalars(help_page(found, number)).all(),
        state=state, topics=service.TOPICS, late=late_since(), waits=waits, page=number,
        pages=ceil(total / PAGE),
        page_url=lambda n: url_for(".index", state=state or None, page=n),
    )  # fmt: skip


def waits(asked: HelpRequest) -> int:
    """Return how many working days a question has waited."""
    return working_days_between(asked.created_at, now())


@bp.get("/help-requests/new")
@requires(Ability.ASK_HELP)
def new() -> ResponseReturnValue:
    """Show the form; the address can choose a topic and a theme, and tell where one came from."""
    form = empty_form()
    form.preset(request.args.get("topic"), request.args.get("theme"), request.args.get("from"))
    return new_page(form)


@bp.post("/help-requests/new")
@requires(Ability.ASK_HELP)
def create() -> ResponseReturnValue:
    """Send a question to the managers."""
    form = HelpForm()
    form.offer(current_user, list(db.session.scalars(themes())))
    if not form.validate():
        return new_page(form), 422
    try:
        asked = service.ask(current_user, form.question(), form.submission_key.data or "")
    except service.TooManyOpen:
        form.form_errors.append(
            _("You have %(most)d questions that wait. Give the manager time to answer them first.",
              most=service.MOST_OPEN)
        )  # fmt: skip
        return new_page(form), 422
    drafting.sent("help:new")
    flash(
        ngettext(
            "Your question is on its way. You get an answer by mail within %(num)d working day.",
            "Your question is on its way. You get an answer by mail within %(num)d working days.",
            site().help_days,
        ),
        "ok",
    )
    return htmx.see_other(request, url_for(".show", help_id=asked))


def empty_form() -> HelpForm:
    """Return the form with what the reader can choose."""
    form = HelpForm(formdata=None)
    form.offer(current_user, list(db.session.scalars(themes())))
    return form


def new_page(form: HelpForm) -> str:
    places = max(0, site().ambassador_cap - holders(Role.AMBASSADOR))
    sheet = drafting.sheet("help:new", form)
    helping = db.session.scalar(for_help(current_user))
    return render_template("help/new.html", form=form, places=places, sheet=sheet, helping=helping)


@bp.get("/help-requests/<id:help_id>")
@with_help_request(Ability.READ_HELP)
def show(asked: HelpRequest) -> ResponseReturnValue:
    """Show a question and its answer."""
    return show_page(asked, AnswerForm())


@bp.post("/help-requests/<id:help_id>")
@with_help_request(Ability.ANSWER_HELP)
def answer(asked: HelpRequest) -> ResponseReturnValue:
    """Answer a question, unless another manager did so first: then both answers are shown."""
    form = AnswerForm()
    if not form.validate():
        return show_page(asked, form), 422
    try:
        service.answer(asked, form.answer.data.strip(), current_user)
    except service.AnsweredMeanwhile:
        db.session.refresh(asked)
        return show_page(asked, form, too_late=True), 409
    flash(_("Your answer has been sent to %(name)s.", name=asked.asker.name), "ok")
    return htmx.see_other(request, url_for(".index"))


def show_page(asked: HelpRequest, form: AnswerForm, *, too_late: bool = False) -> str:
    return render_template(
        "help/show.html", asked=asked, form=form, too_late=too_late, topics=service.TOPICS,
        late=late_since(), waits=waits,
    )  # fmt: skip
