"""The log: who did what to what, and why."""

from collections.abc import Iterator
from types import SimpleNamespace

from flask import Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import requires
from app.blueprints.moderation.forms import SUBJECTS, LogFilter, labelled
from app.blueprints.moderation.results import in_words
from app.blueprints.moderation.room import bp
from app.extensions import db
from app.lib import csv_export
from app.lib.clock import local, now
from app.lib.keyset import BadCursorError
from app.lib.slugs import slugify
from app.models import LogEntry
from app.policy import Ability
from app.queries.moderation import LOG_EXPORTED, LOGGED, LogSearch, groups_in_log, log_of
from app.services.log_words import ACTIONS

FOLDERS = {"discussion": "discussions", "wiki": "wikis", "user": "people"}


@bp.get("/moderation/log")
@requires(Ability.SEE_LOG)
def log() -> ResponseReturnValue:
    """Show the log, newest first, as far as the reader may see it."""
    form = LogFilter(request.args)
    groups = {group.id: group for group in db.session.scalars(groups_in_log(current_user))}
    form.group.choices = labelled({group.slug: group.name for group in groups.values()})
    wrong = not form.validate()
    try:
        page = LOGGED.page(
            log_of(current_user, search(form)),
            request.args.get("after"),
            request.args.get("before"),
        )
    except BadCursorError:
        abort(404)
    chosen = {name: request.args[name] for name in form._fields if request.args.get(name)}
    html = render_template(
        "moderation/log.html", form=form, page=page, chosen=chosen, actions=ACTIONS,
        subjects=SUBJECTS, subject_url=subject_url, in_words=in_words, groups=groups,
    )  # fmt: skip
    return html, 422 if wrong else 200


@bp.get("/moderation/log.csv")
@requires(Ability.SEE_LOG)
def log_csv() -> ResponseReturnValue:
    """Give the same rows for a spreadsheet."""
    form = LogFilter(request.args)
    form.group.choices = []
    form.validate()
    found = log_of(current_user, search(form)).order_by(LogEntry.id.desc()).limit(LOG_EXPORTED)
    headers = [
        _("When"), _("By whom"), _("Action"), _("Subject"), _("Title"), _("Reason"), _("Result"),
    ]  # fmt: skip
    text = csv_export.write(cells(db.session.scalars(found)), headers)
    name = f"log-{local(now()):%Y-%m-%d}.csv"
    return Response(
        text, mimetype="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def search(form: LogFilter) -> LogSearch:
    """Return what the form asks for; a field that is wrong asks for nothing."""
    values = {name: field.data for name, field in form._fields.items() if not field.errors}
    return LogSearch(**{name: value for name, value in values.items() if value})


def cells(entries: Iterator[LogEntry]) -> Iterator[tuple[object, ...]]:
    """Yield the rows of the table."""
    for entry in entries:
        yield (
            entry.at, entry.actor_name, ACTIONS.get(entry.action, entry.action),
            SUBJECTS.get(entry.subject_kind, entry.subject_kind), entry.subject_label,
            entry.reason, in_words(entry),
        )  # fmt: skip


def subject_url(entry: LogEntry) -> str | None:
    """Return where the subject of a row is; its page finds the present name by itself."""
    if entry.subject_kind == "comment":
        return url_for("comments.show", comment_id=entry.subject_id)
    if entry.subject_kind == "crisis":
        return url_for("crisis.show", crisis_id=entry.subject_id)
    folder = FOLDERS.get(entry.subject_kind)
    if folder is None:
        return None
    ref = SimpleNamespace(id=entry.subject_id, slug=slugify(entry.subject_label))
    return url_for(f"{folder}.show", ref=ref)
