"""The versions of a discussion: all of them, one, and the difference between two."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.access import with_content
from app.blueprints.discussions.room import bp
from app.extensions import db
from app.lib import diff as differences
from app.models import Discussion, Revision
from app.policy import Ability
from app.queries.discussions import revisions
from app.services import text


@bp.get("/discussions/<ref:ref>/history")
@with_content(Discussion, Ability.SEE_REVISIONS)
def history(discussion: Discussion) -> ResponseReturnValue:
    """List the versions, the newest first."""
    versions = db.session.scalars(revisions(discussion.id)).all()
    return render_template("discussions/history.html", content=discussion, versions=versions)


@bp.get("/discussions/<ref:ref>/compare")
@with_content(Discussion, Ability.SEE_REVISIONS)
def compare(discussion: Discussion) -> ResponseReturnValue:
    """Lead on from the form of the history to the difference between the two chosen."""
    old, new = (request.args.get(name, type=int) for name in ("old", "new"))
    if old is None or new is None:
        abort(404)
    return redirect(url_for(".diff", ref=discussion, a=min(old, new), b=max(old, new)))


@bp.get("/discussions/<ref:ref>/revisions/<id:number>")
@with_content(Discussion, Ability.SEE_REVISIONS)
def revision(discussion: Discussion, number: int) -> ResponseReturnValue:
    """Show the text as it was."""
    version = version_of(discussion, number)
    html = text.preview(version.body, theme_id=discussion.theme_id).html
    return render_template(
        "discussions/revision.html", content=discussion, version=version, html=html
    )


@bp.get("/discussions/<ref:ref>/diff/<id:a>/<id:b>")
@with_content(Discussion, Ability.SEE_REVISIONS)
def diff(discussion: Discussion, a: int, b: int) -> ResponseReturnValue:
    """Show the difference between two versions, side by side or inline."""
    old, new = version_of(discussion, a), version_of(discussion, b)
    view = request.args.get("view", "side")
    if view not in {"side", "inline"}:
        abort(404)
    return render_template(
        "discussions/diff.html", content=discussion, old=old, new=new, view=view,
        rows=differences.lines(old.body, new.body),
    )  # fmt: skip


def version_of(discussion: Discussion, number: int) -> Revision:
    """Return a version with its author; 404 when there is none of that number."""
    found = db.session.scalar(revisions(discussion.id).where(Revision.number == number))
    if found is None:
        abort(404)
    return found
