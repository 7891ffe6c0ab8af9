"""What helped people, for who looks for stories of success."""

from collections.abc import Iterator

from flask import Response, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import requires
from app.blueprints.helped.views import bp, piece
from app.extensions import db
from app.lib import csv_export
from app.lib.clock import local, now
from app.lib.keyset import BadCursorError
from app.models import Helped
from app.policy import Ability
from app.queries.helped import EXPORTED, NEWEST, Wanted, collected
from app.queries.themes import themes
from app.templating import url_of


@bp.get("/helped")
@requires(Ability.SEE_HELPED)
def index() -> ResponseReturnValue:
    """Show what helped people, newest first."""
    wanted = asked()
    try:
        page = NEWEST.page(
            collected(current_user, wanted), request.args.get("after"), request.args.get("before")
        )
    except BadCursorError:
        abort(404)
    chosen = {"line": "1" if wanted.with_line else "", "theme": wanted.theme}
    return render_template(
        "helped/index.html", page=page, wanted=wanted, piece=piece,
        chosen={name: value for name, value in chosen.items() if value},
        themes=db.session.scalars(themes()).all(),
    )  # fmt: skip


@bp.get("/helped.csv")
@requires(Ability.SEE_HELPED)
def index_csv() -> ResponseReturnValue:
    """Give the same rows for a spreadsheet."""
    newest = collected(current_user, asked()).order_by(Helped.created_at.desc(), Helped.id.desc())
    headers = [_("When"), _("Who"), _("How it helped"), _("Title"), _("Theme"), _("Address")]
    text = csv_export.write(cells(db.session.scalars(newest.limit(EXPORTED))), headers)
    name = f"geholpen-{local(now()):%Y-%m-%d}.csv"
    return Response(
        text, mimetype="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def asked() -> Wanted:
    """Return what the address asks for."""
    return Wanted(request.args.get("line") == "1", request.args.get("theme", "")[:120])


def cells(rows: Iterator[Helped]) -> Iterator[tuple[object, ...]]:
    """Yield the rows of the table."""
    for row in rows:
        subject = row.comment or row.content
        assert subject is not None
        about = piece(subject)
        theme = about.theme.name if about.theme else ""
        address = current_app.config["BASE_URL"] + url_of(subject)
        yield row.created_at, row.user.name, row.line, about.title, theme, address
