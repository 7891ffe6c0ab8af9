"""Keeping what someone writes, and showing it to them alone."""

from flask import Blueprint, Response, abort, flash, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from app.access import public, requires, with_draft
from app.drafting import MARK, SEEN
from app.forms import tidy
from app.lib import htmx
from app.lib.clock import local
from app.models import Draft
from app.policy import Ability
from app.queries import drafts as queries
from app.queries.drafts import WRITER
from app.services import drafts as service

bp = Blueprint("drafts", __name__)


def mark(name: str) -> str:
    """Return the mark of an opened form; 400 for what we never gave out."""
    value = request.form.get(name, "")
    return value if MARK.fullmatch(value) else abort(400)


@bp.post("/drafts")
@requires(Ability.READ)
def keep() -> ResponseReturnValue:
    """Keep what stands in a form: by itself while someone writes, or by the button of the form.

    409: someone else is signed in by now, 410: the draft is gone and has to begin anew, 413: too long.
    """
    if request.form.get("draft_user", "") != str(current_user.id):
        return refused(409)
    by_itself = "draft_auto" in request.form
    fields = {name: tidy(value) for name, value in request.form.items()}
    seen = mark(SEEN)
    try:
        try:
            draft = store(fields, seen)
        except service.Gone:
            if by_itself:
                return refused(410)
            draft = store(fields, "")
    except LookupError:
        abort(400)
    except service.TooMuch:
        return refused(413)
    return told(draft) if by_itself else led_on(draft)


def store(fields: dict[str, str], seen: str) -> Draft | None:
    """Keep the fields of the form that was sent."""
    place = fields.get("draft_place", "")
    return service.keep(current_user, place, fields, mark(WRITER), seen)


def refused(status: int) -> ResponseReturnValue:
    """Tell the script in few words; a person gets the page."""
    if "draft_auto" in request.form:
        return jsonify(kept=False), status
    return abort(status)


def told(draft: Draft | None) -> Response:
    """Tell the script what it kept, and when."""
    if draft is None:
        return jsonify(kept=False, seen="")
    at = local(draft.updated_at).strftime("%H:%M")
    return jsonify(kept=True, seen=queries.stamp(draft), at=at)


def led_on(draft: Draft | None) -> Response:
    """Lead to the drafts."""
    flash(
        _("Your text has been kept as a draft.") if draft else _("There was no text to keep."), "ok"
    )
    return htmx.see_other(request, url_for(".index"))


@bp.get("/drafts/who")
@public
def who() -> ResponseReturnValue:
    """Tell a page that stood open who is signed in now, with a fresh token for its forms."""
    if not current_user.is_authenticated:
        return jsonify(user=None)
    return jsonify(user=str(current_user.id), token=generate_csrf())


@bp.get("/account/drafts")
@requires(Ability.READ)
def index() -> ResponseReturnValue:
    """List what the reader was writing, the newest first."""
    return render_template("drafts/index.html", drafts=list(queries.drafts_of(current_user)))


@bp.get("/drafts/<id:draft_id>")
@with_draft(Ability.READ)
def show(draft: Draft) -> ResponseReturnValue:
    """Show the whole text, to copy, and ask whether it may go."""
    found = next(queries.drafts_of(current_user, draft.id), None)
    if found is None:
        abort(404)
    return render_template(
        "drafts/show.html", listed=found, texts=queries.texts_in(found.place, draft.fields),
        again="again" in request.args,
    )  # fmt: skip


@bp.post("/drafts/<id:draft_id>/discard")
@with_draft(Ability.READ)
def discard(draft: Draft) -> ResponseReturnValue:
    """Throw a draft away; who wants to begin again comes to the empty form."""
    path = draft.path
    service.discard(draft)
    flash(_("The draft has been thrown away."), "ok")
    return htmx.see_other(request, path if "again" in request.form else url_for(".index"))
