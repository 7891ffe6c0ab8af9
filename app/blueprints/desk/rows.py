"""A row of the queue as it stands now, and the answers to what is done with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import flash, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.extensions import db
from app.lib import htmx
from app.lib.clock import now
from app.lib.working_days import working_days_between
from app.models import Content, User
from app.queries import desk
from app.queries.listing import Line
from app.services.attention import TakenByAnother
from app.site import site


@dataclass
class Waiting:
    """A piece that waits: its row, who were asked to look, and how long it takes."""

    piece: Line
    asked: list[Line] = field(default_factory=list)

    @property
    def days(self) -> str:
        """Return how long it waits."""
        return in_working_days(self.piece.since)

    @property
    def held_days(self) -> str:
        """Return how long someone sees to it."""
        return in_working_days(self.piece.claimed_at)

    @property
    def in_vain(self) -> bool:
        """Tell whether someone sees to it longer than a piece may wait."""
        return working_days_between(self.piece.claimed_at, now()) >= site().unanswered_days


def in_working_days(moment: datetime) -> str:
    """Return how long ago a moment is, in whole working days."""
    passed = working_days_between(moment, now())
    if not passed:
        return str(_("less than a working day"))
    return str(ngettext("%(num)d working day", "%(num)d working days", passed))


def with_asked(found: Sequence[Line]) -> list[Waiting]:
    """Return rows with who were asked to look at each, in one statement."""
    rows = {piece.id: Waiting(piece) for piece in found}
    if rows:
        for one in db.session.execute(desk.asked_about(list(rows))):
            rows[one.content_id].asked.append(one)
    return list(rows.values())


def row_of(content: Content) -> Waiting | None:
    """Return the row of a piece; None when nothing is to be done about it any more."""
    found = db.session.execute(desk.one(current_user, content.id)).all()
    return next(iter(with_asked(found)), None)


def answer(content: Content, said: str) -> ResponseReturnValue:
    """Answer after a change: the row as it is now, or without htmx the queue."""
    if not htmx.is_htmx(request):
        flash(said, "ok")
        return htmx.see_other(request, url_for("desk.attention"))
    return in_row(content, 200, said=said)


def too_late(content: Content, taken: TakenByAnother) -> ResponseReturnValue:
    """Tell that someone else sees to it already, and who."""
    said = _("%(name)s sees to this already.", name=taken.holder.name)
    return shown(content, said, 409)


def gone(content: Content) -> ResponseReturnValue:
    """Tell that there is nothing to see to any more."""
    return shown(content, _("Someone replied, or it was closed. This is done."), 409)


def shown(content: Content, problem: str, status: int = 200) -> ResponseReturnValue:
    """Return the row of one piece, for htmx alone and else on a page of its own."""
    db.session.rollback()
    if htmx.is_htmx(request):
        return in_row(content, status, problem=problem)
    html = render_template(
        "desk/piece.html", waiting=row_of(content), content=content, problem=problem
    )
    return make_response(html, status)


def in_row(content: Content, status: int, **values: str) -> ResponseReturnValue:
    """Return the row for htmx, to stand in its own place whatever was pressed in it."""
    html = render_template("desk/row.htmx.html", waiting=row_of(content), content=content, **values)
    response = htmx.retarget(make_response(html, status), f"#waits-{content.id}")
    return htmx.reswap(response, "outerHTML")


def form_page(name: str, content: Content, status: int = 200, **values: Any) -> ResponseReturnValue:
    """Return a form about a piece: in its row for htmx, and else on a page of its own."""
    in_place = htmx.is_htmx(request)
    html = render_template(
        f"desk/{'_' if in_place else ''}{name}.html", content=content, in_place=in_place, **values
    )
    return make_response(html, status)


def me() -> User:
    """Return who reads."""
    user: User = current_user
    return user
