"""The address of a piece or a reply, to give to a colleague."""

from urllib.parse import quote

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from app.access import with_comment, with_content
from app.models import Comment, Content
from app.policy import Ability
from app.templating import url_of

bp = Blueprint("share", __name__)


@bp.get("/content/<id:content_id>/share")
@with_content(Content, Ability.READ)
def piece(content: Content) -> ResponseReturnValue:
    """Show the address of a piece, who can read it, and a way to mail it."""
    return page_of(content, content)


@bp.get("/comments/<id:comment_id>/share")
@with_comment(Ability.READ)
def reply(comment: Comment) -> ResponseReturnValue:
    """Show the address of a reply, who can read it, and a way to mail it."""
    return page_of(comment, comment.content)


def page_of(subject: Content | Comment, content: Content) -> str:
    """Return the page for a subject of a piece."""
    address = current_app.config["BASE_URL"] + url_of(subject)
    text = f"{content.title}\r\n{address}"
    mail = f"mailto:?subject={quote(content.title)}&body={quote(text)}"
    return render_template(
        "share/show.html", subject=subject, content=content, address=address, mail=mail
    )
