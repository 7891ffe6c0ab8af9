"""The versions of a standing page: all of them, one, and the difference between two."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.access import requires
from app.blueprints.pages.room import bp, page_named, version_of
from app.lib import diff as differences
from app.policy import Ability
from app.queries import pages as queries

LAYOUTS = {"side", "inline"}


@bp.get("/pages/<name>/history")
@requires(Ability.READ)
def history(name: str) -> ResponseReturnValue:
    """List the versions, the newest first, so many on a page."""
    before = request.args.get("before", type=int)
    text = page_named(name)
    versions = queries.versions(name, before)
    return render_template(
        "pages/history.html", text=text, versions=versions[: queries.VERSIONS_A_PAGE],
        more=len(versions) > queries.VERSIONS_A_PAGE, before=before,
    )  # fmt: skip


@bp.get("/pages/<name>/versions/<id:number>")
@requires(Ability.READ)
def version(name: str, number: int) -> ResponseReturnValue:
    """Show the text as it was."""
    old = version_of(name, number)
    return render_template("pages/version.html", text=page_named(name), version=old)


@bp.get("/pages/<name>/compare")
@requires(Ability.READ)
def compare(name: str) -> ResponseReturnValue:
    """Lead on from the form of the history to the difference between the two chosen."""
    old, new = (request.args.get(side, type=int) for side in ("old", "new"))
    if old is None or new is None or min(old, new) < 1:
        abort(404)
    return redirect(url_for(".diff", name=name, a=min(old, new), b=max(old, new)), 303)


@bp.get("/pages/<name>/diff/<id:a>/<id:b>")
@requires(Ability.READ)
def diff(name: str, a: int, b: int) -> ResponseReturnValue:
    """Show the difference between two versions, side by side or inline."""
    old, new = version_of(name, a), version_of(name, b)
    view = request.args.get("view", "side")
    if view not in LAYOUTS:
        abort(404)
    return render_template(
        "pages/diff.html", text=page_named(name), old=old, new=new, view=view,
        rows=differences.lines(old.body, new.body),
    )  # fmt: skip
