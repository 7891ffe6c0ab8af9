"""The register: all pages with their standing, owner, last review and next one, for everyone."""

from collections.abc import Iterator
from datetime import date

from flask import Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types

from app.access import requires
from app.blueprints.wikis.views import bp
from app.extensions import db
from app.lib import csv_export
from app.lib.clock import local, now
from app.lib.keyset import BadCursorError, decode_cursor, encode_cursor
from app.models import Standing, Status
from app.policy import Ability
from app.queries import reviews as queries
from app.queries.listing import Line
from app.queries.reviews import Matter, Wanted
from app.queries.themes import themes

MATTERS = {
    Matter.OVERDUE: _l("Too late: not looked at in time"),
    Matter.CONCEPT: _l("Concept"),
    Matter.OFFERED: _l("Offered"),
    Matter.IN_FORCE: _l("In force"),
    Matter.EXPIRED: _l("Expired"),
    Matter.NO_OWNER: _l("Without an owner"),
    Matter.DOUBTED: _l("With open doubts"),
}
STANDINGS = {
    Standing.CONCEPT: _l("Concept"),
    Standing.OFFERED: _l("Offered"),
    Standing.IN_FORCE: _l("In force"),
    Standing.EXPIRED: _l("Expired"),
}


class RegisterFilter(FlaskForm):
    """Which pages someone looks for. An unknown value asks for nothing."""

    class Meta:
        """Nothing is written: no token."""

        csrf = False

    theme = SelectField(_l("Theme"), default="", validate_choice=False)
    state = SelectField(_l("State"), default="", validate_choice=False)
    mine = BooleanField(_l("Only what I keep"))

    def offer(self) -> "RegisterFilter":
        """Fill in the choices."""
        self.found = {each.slug: each for each in db.session.scalars(themes())}
        every = [SelectChoice("", _("All themes"))]
        named = [SelectChoice(slug, theme.name) for slug, theme in self.found.items()]
        self.theme.choices = every + named
        states = [SelectChoice(matter.value, label) for matter, label in MATTERS.items()]
        self.state.choices = [SelectChoice("", _("All")), *states]
        return self

    def wanted(self) -> Wanted:
        """Return what was asked for. 404 for a theme or a state that there is not."""
        if self.theme.data not in ("", None, *self.found):
            abort(404)
        if self.state.data not in ("", None, *(matter.value for matter in Matter)):
            abort(404)
        theme = self.found.get(self.theme.data or "")
        matter = Matter(self.state.data) if self.state.data else None
        return Wanted(theme.id if theme else None, matter, self.mine.data)

    def chosen(self) -> dict[str, str]:
        """Return what was asked for, as an address has it."""
        values = {"theme": self.theme.data, "state": self.state.data}
        values["mine"] = "1" if self.mine.data else ""
        return {name: value for name, value in values.items() if value}


@bp.get("/wikis/register")
@requires(Ability.READ)
def register() -> ResponseReturnValue:
    """Show all pages that the reader can see, what is due first."""
    form = RegisterFilter(request.args).offer()
    found = queries.register(current_user, form.wanted())
    if start := cursor(request.args.get("after")):
        found = found.where(queries.after(*start))
    rows = db.session.execute(found.limit(queries.PAGE + 1)).all()
    shown, more = rows[: queries.PAGE], len(rows) > queries.PAGE
    return render_template(
        "wikis/register.html", form=form, rows=shown, chosen=form.chosen(),
        late=queries.is_overdue, standings=STANDINGS, started=start is not None,
        after=place(shown[-1]) if more else None,
    )  # fmt: skip


def cursor(text: str | None) -> tuple[date, int] | None:
    """Return where a page of the register begins. 404 for what it did not hand out."""
    try:
        found = decode_cursor(text, (str, int))
        return (date.fromisoformat(found[0]), found[1]) if found else None
    except (BadCursorError, ValueError):
        abort(404)


def place(row: Line) -> str:
    """Return the cursor of a row."""
    return encode_cursor((row.review_on or queries.NEVER).isoformat(), row.id)


@bp.get("/wikis/register.csv")
@requires(Ability.READ)
def register_csv() -> ResponseReturnValue:
    """Give the same rows, all of them, for a spreadsheet."""
    wanted = RegisterFilter(request.args).offer().wanted()
    rows = db.session.execute(queries.register(current_user, wanted))
    headers = [
        _("Number"), _("Title"), _("Theme"), _("Standing"), _("Seen by"), _("Owner"),
        _("In force since"), _("Adopted by"), _("Last review"), _("Reviewed by"), _("Next review before"),
        _("Too late"), _("Open doubts"), _("Last changed"), _("Version"), _("Address"),
    ]  # fmt: skip
    text = csv_export.write(cells(rows), headers)
    disposition = f'attachment; filename="wikis-{local(now()):%Y-%m-%d}.csv"'
    return Response(text, mimetype="text/csv", headers={"Content-Disposition": disposition})


def cells(rows: Iterator[Line]) -> Iterator[tuple[object, ...]]:
    """Yield the rows of the table."""
    for row in rows:
        pending = row.status is Status.PENDING
        yield (
            row.id, row.title, row.theme_name, STANDINGS[row.standing],
            _("Specialists of the theme") if pending else _("Everyone"),
            row.owner_name, row.adopted_at, row.adopter_name, row.reviewed_at, row.reviewer_name,
            row.review_on, _("Yes") if queries.is_overdue(row) else _("No"), row.doubts,
            row.changed_at, row.version, url_for(".show", ref=row, _external=True),
        )  # fmt: skip
