"""What members add to a piece: likes, follows, bookmarks."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import requires, with_content
from app.lib import htmx
from app.lib.keyset import BadCursorError
from app.models import Content, FollowLevel
from app.policy import Ability
from app.queries import reactions as queries
from app.queries.listing import page_of
from app.services import reactions

bp = Blueprint("content", __name__)

LEVELS = {
    "0": None, "1": FollowLevel.ALL, "changes": FollowLevel.CHANGES,
    "nothing": FollowLevel.NOTHING,
}  # fmt: skip
"""What a form says, and of what one hears then."""


def intention(name: str) -> bool:
    """Return what was asked for, 1 or 0: a toggle would undo what was sent twice."""
    value = request.form.get(name)
    if value not in {"0", "1"}:
        abort(400)
    return value == "1"


def address_of(content: Content) -> str:
    """Return the address of a piece."""
    return url_for(f"{content.folder}.show", ref=content)


@bp.post("/content/<id:content_id>/like")
@with_content(Content, Ability.LIKE)
def like(content: Content) -> ResponseReturnValue:
    """Appreciate a piece, or no longer."""
    liked = intention("liked")
    reactions.like(content, current_user, wanted=liked)
    if htmx.is_htmx(request):
        return render_template("content/like.htmx.html", subject=content, liked=liked)
    return redirect(address_of(content), 303)


@bp.post("/content/<id:content_id>/follow")
@with_content(Content, Ability.FOLLOW)
def follow(content: Content) -> ResponseReturnValue:
    """Hear of all news about a piece, of changes only, surely of nothing, or no longer follow it."""
    wish = request.form.get("following", "")
    if wish not in LEVELS:
        abort(400)
    level = LEVELS[wish]
    reactions.watch(content, current_user, level)
    said = watched(level)
    if htmx.is_htmx(request):
        return render_template("content/follow.htmx.html", content=content, level=level, said=said)
    flash(said, "ok")
    if "list" in request.form:
        return redirect(url_for("account.following"), 303)
    return redirect(address_of(content), 303)


def watched(level: FollowLevel | None) -> str:
    """Tell of what one hears from now on."""
    match level:
        case FollowLevel.ALL:
            text = _("You follow this now.")
        case FollowLevel.CHANGES:
            text = _("You hear of changes to this, not of replies.")
        case FollowLevel.NOTHING:
            text = _("You hear nothing about this any more, unless someone mentions you.")
        case None:
            text = _("You no longer follow this.")
    return str(text)


@bp.post("/content/<id:content_id>/bookmark")
@with_content(Content, Ability.BOOKMARK)
def bookmark(content: Content) -> ResponseReturnValue:
    """Keep a piece to find it back, or no longer."""
    bookmarked = intention("bookmarked")
    reactions.bookmark(content, current_user, wanted=bookmarked)
    said = _("You find this back under Bookmarks.") if bookmarked else _("No longer bookmarked.")
    if htmx.is_htmx(request):
        return render_template(
            "content/bookmark.htmx.html", content=content, bookmarked=bookmarked, said=said
        )
    flash(said, "ok")
    return redirect(address_of(content), 303)


@bp.get("/bookmarks")
@requires(Ability.READ)
def bookmarks() -> ResponseReturnValue:
    """Show the reader what they bookmarked and can still read, newest bookmark first."""
    after, before = request.args.get("after"), request.args.get("before")
    try:
        page = page_of(queries.bookmarked(current_user), queries.BY_BOOKMARK, after, before)
    except BadCursorError:
        abort(404)
    return render_template("content/bookmarks.html", page=page)


@bp.get("/content/<id:content_id>/likes")
@with_content(Content, Ability.READ)
def likes(content: Content) -> ResponseReturnValue:
    """Show who appreciates a piece."""
    before = request.args.get("before", 0, type=int)
    return render_template(
        "content/likes.html", content=content, back=address_of(content),
        page=queries.names(content, before), address="content.likes",
        key={"content_id": content.id}, title=_("Who appreciates this"),
    )  # fmt: skip
