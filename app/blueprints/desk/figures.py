"""How well the community answers: figures by month, without names."""

from datetime import timedelta

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import format_date, format_decimal, ngettext
from flask_babel import gettext as _

from app.access import requires
from app.blueprints.desk.room import bp
from app.lib import csv_export
from app.lib.charts import bars
from app.lib.clock import local, now
from app.policy import Ability
from app.queries.answers import Month, months
from app.site import site

ALL = 100
IN_HOURS = timedelta(days=2)
"""A shorter time is told in hours."""


@bp.get("/desk/attention/figures")
@requires(Ability.SEE_ATTENTION)
def figures() -> ResponseReturnValue:
    """Show what was answered in this month and the eleven before."""
    found = months()
    return render_template(
        "desk/figures.html",
        months=found, long=long_name, waited=waited, days=site().unanswered_days,
        shares=bars([(short_name(month), month.share) for month in found], ALL),
        medians=bars([(short_name(month), month.median_hours) for month in found]),
        described=described(found),
    )  # fmt: skip


@bp.get("/desk/attention/figures.csv")
@requires(Ability.SEE_ATTENTION)
def figures_csv() -> ResponseReturnValue:
    """Give the same figures for a spreadsheet."""
    headers = [
        _("Month"), _("Started"), _("Answered"), _("Answered, in percents"),
        _("Half had a reply within (hours on working days)"), _("Not in time"),
        _("First posts of new members"), _("Of those answered"), _("Of those answered, in percents"),
    ]  # fmt: skip
    text = csv_export.write([cells(month) for month in months()], headers)
    name = f"antwoorden-{local(now()):%Y-%m-%d}.csv"
    return Response(
        text, mimetype="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def cells(month: Month) -> tuple[object, ...]:
    """Return a row of the table."""
    hours = month.median_hours
    return (
        f"{month.start:%Y-%m}", month.started, month.answered, month.share,
        None if hours is None else round(hours, 1), month.overdue, month.first_posts,
        month.first_answered, month.first_share,
    )  # fmt: skip


def described(found: list[Month]) -> str:
    """Return the chart of shares in words: the two ends, and between which it lies."""
    known = [month for month in found if month.share is not None]
    if not known:
        return str(_("Nothing was started in these months."))
    low = min(known, key=lambda month: month.share or 0)
    high = max(known, key=lambda month: month.share or 0)
    return str(
        _(
            "Between %(low)d%% in %(low_month)s and %(high)d%% in %(high_month)s; last %(last)d%%.",
            low=low.share, low_month=long_name(low), high=high.share,
            high_month=long_name(high), last=known[-1].share,
        )
    )  # fmt: skip


def waited(time: timedelta | None) -> str:
    """Return a time on working days in hours, or in days when it is long."""
    if time is None:
        return "–"
    if time < IN_HOURS:
        hours = max(1, round(time / timedelta(hours=1)))
        return str(ngettext("%(num)d hour", "%(num)d hours", hours))
    return str(_("%(days)s working days", days=format_decimal(round(time / timedelta(days=1), 1))))


def short_name(month: Month) -> str:
    """Return the name of a month for a chart."""
    return str(format_date(month.start, "MMM"))


def long_name(month: Month) -> str:
    """Return the name of a month with its year."""
    return str(format_date(month.start, "MMMM y"))
