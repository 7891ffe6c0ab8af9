"""Reading replies: permalinks, what is new, earlier versions."""

from itertools import pairwise

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import public, with_comment, with_content
from app.extensions import db
from app.lib import diff, htmx
from app.models import Comment, Content
from app.policy import Ability
from app.queries import comments as queries
from app.queries.comments import Watch

bp = Blueprint("comments", __name__)

LARGEST = 10**9


def address_of(comment: Comment) -> str:
    """Return where a reply stands: its page of the piece, and its place on that page.

    One that became the opening leads to the piece.
    """
    return url_for(
        f"{comment.content.folder}.show",
        ref=comment.content,
        page=queries.page_of(comment.position),
        _anchor=f"comment-{comment.id}" if comment.position else None,
    )


def number_in_address(name: str) -> int:
    """Return a position or page from the address; 0 for what is none."""
    number = request.args.get(name, 0, type=int)
    return number if 0 <= number < LARGEST else 0


def changed(comment: Comment, said: str) -> ResponseReturnValue:
    """Answer after a change: the reply as it is now, or its place on the page."""
    if not htmx.is_htmx(request):
        flash(said, "ok")
        return redirect(address_of(comment), 303)
    reply = queries.one_reply(comment, current_user)
    return render_template("comments/_comment.html", reply=reply, focus=True, said=said)


@bp.get("/comments/<id:comment_id>")
@with_comment(Ability.READ)
def show(comment: Comment) -> ResponseReturnValue:
    """Lead to the place of a reply; or return it alone, when an edit is given up."""
    if not htmx.is_htmx(request):
        return redirect(address_of(comment), 303)
    reply = queries.one_reply(comment, current_user)
    return render_template("comments/_comment.html", reply=reply, focus=True)


@bp.get("/comments/<id:comment_id>/menu")
@with_comment(Ability.READ)
def menu(comment: Comment) -> ResponseReturnValue:
    """Show what the reader may do with a reply: the menu, or the reply alone with it."""
    reply = queries.one_reply(comment, current_user)
    name = "_menu" if htmx.is_htmx(request) else "menu"
    return render_template(f"comments/{name}.html", reply=reply, content=comment.content)


@bp.get("/content/<id:content_id>/comments/fresh")
@public
def fresh(content_id: int) -> ResponseReturnValue:
    """Tell how many replies came since the page was made; nothing when that is known.

    Public, because a page that asks this while someone writes must never lead to the sign-in page;
    a visitor hears nothing.
    """
    if not current_user.is_authenticated:
        return Response(status=204)
    last = db.session.scalar(queries.last_position(content_id, current_user))
    if last is None:
        abort(404)
    after, told = number_in_address("after"), number_in_address("told")
    if last <= told:
        return Response(status=204)
    waiting, first = db.session.execute(queries.news(content_id, after)).one()
    watched = Watch(after, number_in_address("page"), last, waiting, first)
    return render_template("comments/_watch.html", content_id=content_id, watched=watched)


@bp.get("/content/<id:content_id>/comments/newer")
@with_content(Content, Ability.READ)
def newer(content: Content) -> ResponseReturnValue:
    """Return the replies that came after those on the page; without htmx, lead to the first."""
    after = number_in_address("after")
    found = queries.newer(content, after, current_user)
    if not htmx.is_htmx(request):
        path = (
            address_of(found[0].comment)
            if found
            else url_for(f"{content.folder}.show", ref=content, _anchor="comments")
        )
        return redirect(path, 303)
    if not found:
        return Response(status=204)
    last = found[-1].comment.position
    watched = Watch(last, number_in_address("page"), last)
    return render_template(
        "comments/newer.htmx.html", content=content, replies=found, watched=watched
    )


@bp.get("/comments/<id:comment_id>/history")
@with_comment(Ability.SEE_REVISIONS)
def history(comment: Comment) -> ResponseReturnValue:
    """Show what each edit changed, the newest first."""
    kept = db.session.scalars(queries.revisions(comment)).all()
    steps = [(new, old, diff.lines(old.body, new.body)) for new, old in pairwise(kept)]
    return render_template(
        "comments/history.html", comment=comment, content=comment.content, steps=steps,
        first=kept[-1] if kept else None, back=address_of(comment), title=_("Earlier versions"),
    )  # fmt: skip
