"""How moderation goes: figures without names, and when its policy is looked at again."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, format_date, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import DateField
from wtforms.validators import InputRequired, ValidationError

from app.access import requires
from app.blueprints.moderation.room import bp
from app.lib import csv_export
from app.lib.charts import bars
from app.lib.clock import local, now
from app.models import AppealState
from app.policy import Ability
from app.queries import moderation_figures as queries
from app.queries.moderation_figures import Figures, Month
from app.reporting import reason_label
from app.services import settings
from app.services.log_words import ACTIONS
from app.site import site

HOUR = timedelta(hours=1)
IN_HOURS = timedelta(days=2)
"""A shorter time is told in hours."""
LONGEST = timedelta(days=3 * 366)
KINDS: dict[str, LazyString] = {
    "content": _l("Discussion or wiki page"),
    "comment": _l("A reply"),
    "attachment": _l("Document"),
    "user": _l("Profile"),
}
APPEALS: dict[str, LazyString] = {
    AppealState.OPEN: _l("Not decided yet"),
    AppealState.UPHELD: _l("Found right"),
    AppealState.DISMISSED: _l("Not found right"),
}
Table = tuple[str, list[tuple[str, int]]]


class ReviewForm(FlaskForm):
    """When the moderators and the manager look at their policy again."""

    day = DateField(_l("Day of the next evaluation"), [InputRequired()])

    def validate_day(self, field: DateField) -> None:
        """Refuse days that have passed, and those so far away that nobody will remember."""
        if field.data is not None and not today() <= field.data <= today() + LONGEST:
            raise ValidationError(_("Choose a day from today until three years from now."))


@bp.get("/moderation/figures")
@requires(Ability.SEE_FIGURES)
def figures() -> ResponseReturnValue:
    """Show the figures of this month and the eleven before."""
    return figures_page(ReviewForm(formdata=None, day=review_day()))


def figures_page(form: ReviewForm) -> str:
    """Return the page, with the form for the next evaluation."""
    found = queries.figures()
    return render_template(
        "moderation/figures.html",
        found=found, form=form, long=long_name, lasted=lasted, tables=tables(found),
        review_on=review_day(), today=today(),
        cases=bars([(short_name(month), month.cases) for month in found.months]),
        closings=bars([(short_name(month), in_hours(month.closing)) for month in found.months]),
    )  # fmt: skip


@bp.get("/moderation/figures.csv")
@requires(Ability.SEE_FIGURES)
def figures_csv() -> ResponseReturnValue:
    """Give the same figures for a spreadsheet."""
    text = csv_export.write(cells(queries.figures()), [_("Part"), _("Of what"), _("How many")])
    name = f"moderatie-{today():%Y-%m-%d}.csv"
    return Response(
        text, mimetype="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@bp.post("/moderation/figures")
@requires(Ability.EDIT_PAGES)
def plan_review() -> ResponseReturnValue:
    """Choose when the policy of moderation is looked at again."""
    form = ReviewForm()
    if not form.validate():
        return figures_page(form), 422
    assert form.day.data is not None
    settings.change({"moderation_review_on": form.day.data.isoformat()}, current_user)
    flash(_("The day of the next evaluation has been set."), "ok")
    return redirect(url_for(".figures"), 303)


def today() -> date:
    """Return the day that it is on a Dutch clock."""
    return local(now()).date()


def review_day() -> date | None:
    """Return the day that was chosen; None without one."""
    chosen = site().moderation_review_on
    return date.fromisoformat(chosen) if chosen else None


def tables(found: Figures) -> list[Table]:
    """Return what is counted, with its title, each with the names that the page shows."""
    return [
        (str(_("What was reported")), named(found.kinds, KINDS)),
        (str(_("Which house rule the reports were about")), by_rule(found.reasons)),
        (str(_("Which house rule was broken, in reports that were right")), by_rule(found.rules)),
        (str(_("Measures")), named(found.measures, ACTIONS)),
        (str(_("Objections")), named({str(s): n for s, n in found.appeals.items()}, APPEALS)),
    ]


def named(found: Mapping[str, int], names: Mapping[str, object]) -> list[tuple[str, int]]:
    """Return numbers by the names that are shown."""
    return [(str(names.get(name, name)), number) for name, number in found.items()]


def by_rule(found: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return numbers by the words of the house rules."""
    return [(reason_label(rule) or str(_("No rule named")), n) for rule, n in found.items()]


def cells(found: Figures) -> Iterator[tuple[object, ...]]:
    """Yield the rows of the spreadsheet."""
    for month in found.months:
        name = f"{month.start:%Y-%m}"
        yield _("Reports that came in"), name, month.cases
        yield _("Of those found right"), name, month.upheld
        yield _("Of those not found right"), name, month.dismissed
        yield _("Hours until the first look (median)"), name, in_hours(month.look)
        yield _("Hours until closed (median)"), name, in_hours(month.closing)
    for title, rows in tables(found):
        for label, number in rows:
            yield title, label, number
    load = found.load
    yield _("Open now"), _("Together"), load.waiting
    yield _("Open now"), _("Taken by nobody"), load.free
    yield _("Open now"), _("Most in one hand"), load.most
    yield _("Open now"), _("Half of the moderators with work have at most"), load.middle


def in_hours(time: timedelta | None) -> float | None:
    """Return a time in hours."""
    return None if time is None else round(time / HOUR, 1)


def lasted(time: timedelta | None) -> str:
    """Return a time in hours, or in days when it is long."""
    if time is None:
        return "–"
    if time < IN_HOURS:
        return str(ngettext("%(num)d hour", "%(num)d hours", max(1, round(time / HOUR))))
    return str(ngettext("%(num)d day", "%(num)d days", round(time / timedelta(days=1))))


def short_name(month: Month) -> str:
    """Return the name of a month for a chart."""
    return str(format_date(month.start, "MMM"))


def long_name(month: Month) -> str:
    """Return the name of a month with its year."""
    return str(format_date(month.start, "MMMM y"))
