"""The log of the settings: who changed what, and when."""

from collections.abc import Iterable, Iterator

from flask import Response, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import requires
from app.blueprints.settings.labels import change_in_words, label_of
from app.blueprints.settings.room import bp
from app.blueprints.settings.sections import plain_page
from app.extensions import db
from app.lib import csv_export
from app.lib.clock import local, now
from app.lib.keyset import BadCursorError
from app.models import LogEntry
from app.policy import Ability
from app.queries.moderation import LOG_EXPORTED, LOGGED
from app.queries.settings import changes


@bp.get("/settings/log")
@requires(Ability.CHANGE_SETTINGS)
def log() -> ResponseReturnValue:
    """Show every change of a setting, newest first."""
    try:
        page = LOGGED.page(changes(), request.args.get("after"), request.args.get("before"))
    except BadCursorError:
        abort(404)
    return plain_page("log", page=page, label_of=label_of, change_in_words=change_in_words)


@bp.get("/settings/log.csv")
@requires(Ability.CHANGE_SETTINGS)
def log_csv() -> ResponseReturnValue:
    """Give the same rows for a spreadsheet."""
    newest = changes().order_by(LogEntry.id.desc()).limit(LOG_EXPORTED)
    headers = [_("When"), _("By whom"), _("Setting"), _("Before"), _("After")]
    text = csv_export.write(cells(db.session.scalars(newest)), headers)
    name = f"settings-{local(now()):%Y-%m-%d}.csv"
    return Response(
        text, mimetype="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def cells(entries: Iterable[LogEntry]) -> Iterator[tuple[object, ...]]:
    """Yield the rows of the table."""
    for entry in entries:
        old, new = change_in_words(entry.result)
        yield entry.at, entry.actor_name, label_of(entry.subject_label), old, new
