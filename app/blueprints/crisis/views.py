"""The room for a crisis: be ready, start, note what is done, end, and report."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import requires, with_crisis
from app.blueprints.crisis.forms import (
    MODES,
    NoteForm,
    PrepareForm,
    ReportForm,
    StartForm,
)
from app.blueprints.crisis.room import bp
from app.extensions import db
from app.lib import htmx
from app.models import Crisis
from app.policy import Ability, can
from app.queries import crises as queries
from app.queries.pages import review_day
from app.services import crises
from app.services.log_words import ACTIONS
from app.site import site


@bp.get("/crisis")
@requires(Ability.RUN_CRISIS)
def index() -> ResponseReturnValue:
    """Show whether there is a crisis; else what to do, who to call, and how to start."""
    return first_page(StartForm(formdata=None))


@bp.post("/crisis")
@requires(Ability.RUN_CRISIS)
def start() -> ResponseReturnValue:
    """Start a crisis."""
    form = StartForm()
    if not form.validate():
        return first_page(form, 422)
    try:
        crisis = crises.start(form.plan(), current_user)
    except crises.UnderWay:
        db.session.rollback()
        form.form_errors.append(_("There is a crisis already. End that one first."))
        return first_page(form, 409)
    flash(_("The crisis measures are on. Everyone sees them within ten seconds."), "ok")
    return htmx.see_other(request, url_for(".show", crisis_id=crisis.id))


def first_page(form: StartForm, status: int = 200) -> ResponseReturnValue:
    """Return the page of the room."""
    present = queries.present()
    return render_template(
        "crisis/index.html", form=form, present=present, modes=MODES, review=review_day(),
        reads=present is not None and can(current_user, Ability.RUN_CRISIS, present),
        earlier=queries.earlier(current_user),
    ), status  # fmt: skip


@bp.route("/crisis/preparation", methods=["GET", "POST"])
@requires(Ability.RUN_CRISIS)
def preparation() -> ResponseReturnValue:
    """Change who to call, and when to look again at how we moderate."""
    form = PrepareForm(data={"call_list": site().call_list, "review_on": review_day()})
    if not form.is_submitted():
        return render_template("crisis/preparation.html", form=form)
    if not form.validate():
        return render_template("crisis/preparation.html", form=form), 422
    changed = crises.prepare(form.call_list.data.strip(), form.review_on.data, current_user)
    said = _("The preparation has been saved.") if changed else _("There was nothing to change.")
    flash(said, "ok")
    return htmx.see_other(request, url_for(".index"))


@bp.get("/crisis/<id:crisis_id>")
@with_crisis(Ability.RUN_CRISIS)
def show(crisis: Crisis) -> ResponseReturnValue:
    """Show a crisis: what was noted, what was done, and the report of it."""
    return crisis_page(crisis, NoteForm(formdata=None))


def crisis_page(
    crisis: Crisis, form: NoteForm, status: int = 200, **values: Any
) -> ResponseReturnValue:
    """Return the page of a crisis."""
    return render_template(
        "crisis/show.html", crisis=crisis, form=form, modes=MODES, notes=queries.notes(crisis),
        measures=queries.measures(crisis, current_user), cases=queries.cases(crisis, current_user),
        actions=ACTIONS, **values,
    ), status  # fmt: skip


@bp.post("/crisis/<id:crisis_id>/notes")
@with_crisis(Ability.RUN_CRISIS)
def note(crisis: Crisis) -> ResponseReturnValue:
    """Write down what was done."""
    form = NoteForm()
    if not form.validate():
        if htmx.is_htmx(request):
            return notes_part(crisis, form, "", 422)
        return crisis_page(crisis, form, 422)
    crises.note(crisis, current_user, form.text.data.strip())
    said = _("Your note has been kept.")
    if htmx.is_htmx(request):
        return notes_part(crisis, NoteForm(formdata=None), said)
    flash(said, "ok")
    return redirect(url_for(".show", crisis_id=crisis.id, _anchor="notes"), 303)


def notes_part(crisis: Crisis, form: NoteForm, said: str, status: int = 200) -> ResponseReturnValue:
    """Return the notes with the form under them."""
    found = queries.notes(crisis)
    return render_template(
        "crisis/_notes.html", crisis=crisis, form=form, notes=found, said=said
    ), status


@bp.post("/crisis/<id:crisis_id>/end")
@with_crisis(Ability.RUN_CRISIS)
def end(crisis: Crisis) -> ResponseReturnValue:
    """End a crisis, and ask for the report."""
    return ended(crisis, url_for(".report", crisis_id=crisis.id))


@bp.post("/crisis/end")
@requires(Ability.RUN_CRISIS)
def end_present() -> ResponseReturnValue:
    """End the crisis that goes on, also one in a group that this manager does not read."""
    present = queries.present()
    if present is None:
        flash(_("The crisis has been ended already."), "info")
        return redirect(url_for(".index"), 303)
    return ended(present, url_for(".index"))


def ended(crisis: Crisis, onward: str) -> ResponseReturnValue:
    """End a crisis, and go on."""
    if crises.end(crisis, current_user):
        flash(
            _("The crisis is over. Everything is as before, for everyone within ten seconds."), "ok"
        )
    else:
        flash(_("The crisis has been ended already."), "info")
    return redirect(onward, 303)


@bp.route("/crisis/<id:crisis_id>/report", methods=["GET", "POST"])
@with_crisis(Ability.RUN_CRISIS)
def report(crisis: Crisis) -> ResponseReturnValue:
    """Write down how it went."""
    form = ReportForm(obj=crisis)
    if form.is_submitted() and form.validate():
        crises.report(crisis, form.report.data.strip())
        flash(_("The report has been kept."), "ok")
        return htmx.see_other(request, url_for(".show", crisis_id=crisis.id))
    html = render_template("crisis/report.html", crisis=crisis, form=form, modes=MODES)
    return html, 422 if form.errors else 200
