"""Measures on a person, by the community manager: what was before, a step further, and its end."""

from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app.access import with_person
from app.blueprints.decisions.forms import NoteForm, ReasonForm, UntilForm, WarnForm
from app.blueprints.decisions.room import bp
from app.blueprints.decisions.texts import LASTING, measure_label
from app.extensions import db
from app.models import Decision, User
from app.models.moderation import RULE_LENGTH
from app.policy import Ability
from app.queries import decisions as queries
from app.queries.house_rules import articles
from app.services import sanctions
from app.services.activity import Verb

EARLIER = 30
"""So many earlier measures are shown: enough to judge by."""


@dataclass(frozen=True)
class Step:
    """A measure on a person with its words."""

    measure: Verb
    title: LazyString
    explained: LazyString
    done: LazyString
    form: type[WarnForm]
    kind: str = "primary"

    @property
    def name(self) -> str:
        """Return the last part of its address."""
        return NAMES[self.measure]


NAMES = {Verb.WARNED: "warn", Verb.SILENCED: "silence", Verb.SUSPENDED: "suspend"}
STEPS = (
    Step(
        Verb.WARNED, _l("Warn"),
        _l("The person reads your reason here and by mail. Nothing else changes."),
        _l("The warning has been given. The person reads why."),
        WarnForm,
    ),
    Step(
        Verb.SILENCED, _l("Take away writing"),
        _l("The person can read everything, but cannot write, reply or edit until and including the day that you choose."),
        _l("The person cannot write for now, and reads why."),
        UntilForm, "danger",
    ),
    Step(
        Verb.SUSPENDED, _l("Suspend"),
        _l("The person is signed out everywhere and cannot sign in until and including the day that you choose. Your reason goes by mail, with your address to object to."),
        _l("The person is signed out, and gets your reason by mail."),
        UntilForm, "danger",
    ),
)  # fmt: skip


TITLES = {step.measure: step.title for step in STEPS}


def earlier_about(person: User) -> list[Decision]:
    """Return the measures about a person, newest first."""
    found = queries.about(person.id).order_by(Decision.id.desc()).limit(EARLIER)
    return list(db.session.scalars(found))


@bp.get("/people/<ref:ref>/measures")
@with_person(Ability.MEASURE_PERSON)
def person(person: User) -> ResponseReturnValue:
    """Show what was decided about a person, what can follow, and what managers noted."""
    return person_page(person, NoteForm(formdata=None))


def person_page(person: User, form: NoteForm) -> ResponseReturnValue:
    """Return the page about a person; with 422 when the note is not right yet."""
    earlier = earlier_about(person)
    html = render_template(
        "decisions/person.html",
        person=person,
        form=form,
        earlier=earlier,
        steps=STEPS,
        suggested=sanctions.suggested(earlier),
        suggested_title=TITLES[sanctions.suggested(earlier)],
        notes=db.session.scalars(queries.notes_about(person.id)).all(),
        measure_label=measure_label,
        lasting=LASTING,
        on_people=sanctions.LADDER,
    )
    return html, 422 if form.errors else 200


@bp.route("/people/<ref:ref>/warn", methods=["GET", "POST"])
@with_person(Ability.MEASURE_PERSON)
def warn(person: User) -> ResponseReturnValue:
    """Warn a person."""
    return take(STEPS[0], person)


@bp.route("/people/<ref:ref>/silence", methods=["GET", "POST"])
@with_person(Ability.MEASURE_PERSON)
def silence(person: User) -> ResponseReturnValue:
    """Let a person read, but not write."""
    return take(STEPS[1], person)


@bp.route("/people/<ref:ref>/suspend", methods=["GET", "POST"])
@with_person(Ability.MEASURE_PERSON)
def suspend(person: User) -> ResponseReturnValue:
    """Keep a person out for a while."""
    return take(STEPS[2], person)


def take(step: Step, person: User) -> ResponseReturnValue:
    """Show the form of a measure, or take it."""
    if not person.is_active:
        abort(404)
    form, earlier = step.form(), earlier_about(person)
    leap = sanctions.is_leap(step.measure, earlier)
    form.offer([article.label[:RULE_LENGTH] for article in articles()], leap=leap)

    def page(status: int = 200) -> ResponseReturnValue:
        html = render_template(
            "decisions/measure.html", person=person, form=form, step=step, earlier=earlier,
            suggested=TITLES[sanctions.suggested(earlier)], leap=leap, lasting=LASTING,
            measure_label=measure_label,
        )  # fmt: skip
        return html, status

    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(422)
    try:
        until = form.until.data if isinstance(form, UntilForm) else None
        taken = sanctions.take(
            step.measure, person, current_user, form.reason.data.strip(),
            rule=form.rule.data or "", until=until,
        )  # fmt: skip
    except sanctions.MeasureRefused as refusal:
        form.form_errors.append(str(refusal))
        return page(422)
    already = _("You did that just now; nothing has changed.")
    flash(str(step.done if taken else already), "ok" if taken else "info")
    return redirect(url_for(".person", ref=person), 303)


@bp.route("/people/<ref:ref>/measures/<id:decision_id>/end", methods=["GET", "POST"])
@with_person(Ability.MEASURE_PERSON)
def end(person: User, decision_id: int) -> ResponseReturnValue:
    """End a measure on a person before its time."""
    found = queries.on_person(person.id, decision_id)
    decision = db.session.scalar(found)
    if decision is None:
        abort(404)
    form = ReasonForm()
    if not form.validate_on_submit():
        html = render_template(
            "decisions/end.html", person=person, decision=decision, form=form,
            label=measure_label(decision),
        )  # fmt: skip
        return html, 422 if form.errors else 200
    ended = sanctions.end(decision, current_user, form.reason.data.strip())
    already = _("This had ended already; nothing has changed.")
    flash(_("The measure has ended. The person hears why.") if ended else already, "ok" if ended else "info")  # fmt: skip
    return redirect(url_for(".person", ref=person), 303)
