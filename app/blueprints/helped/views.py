"""Saying that a piece or a reply helped, with a line how, and seeing who said so."""

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import with_comment, with_content
from app.blueprints.helped.forms import HowForm
from app.lib import htmx
from app.models import Comment, Content, Helped
from app.policy import Ability
from app.queries import helped as queries
from app.queries import reactions
from app.services import helped
from app.templating import url_of

bp = Blueprint("helped", __name__)
Subject = Content | Comment


@bp.post("/content/<id:content_id>/helped")
@with_content(Content, Ability.SAY_HELPED)
def say_of_piece(content: Content) -> ResponseReturnValue:
    """Say that a piece helped, or how, or no longer."""
    return say(content)


@bp.post("/comments/<id:comment_id>/helped")
@with_comment(Ability.SAY_HELPED)
def say_of_reply(comment: Comment) -> ResponseReturnValue:
    """Say that a reply helped, or how, or no longer."""
    return say(comment)


@bp.get("/content/<id:content_id>/helped/how")
@with_content(Content, Ability.SAY_HELPED)
def how_piece(content: Content) -> ResponseReturnValue:
    """Ask how a piece helped."""
    return page_of(content, HowForm(formdata=None, line=queries.line_of(content, current_user)))


@bp.get("/comments/<id:comment_id>/helped/how")
@with_comment(Ability.SAY_HELPED)
def how_reply(comment: Comment) -> ResponseReturnValue:
    """Ask how a reply helped."""
    return page_of(comment, HowForm(formdata=None, line=queries.line_of(comment, current_user)))


@bp.get("/content/<id:content_id>/helped")
@with_content(Content, Ability.READ)
def names_of_piece(content: Content) -> ResponseReturnValue:
    """Show whom a piece helped."""
    return names(content)


@bp.get("/comments/<id:comment_id>/helped")
@with_comment(Ability.READ)
def names_of_reply(comment: Comment) -> ResponseReturnValue:
    """Show whom a reply helped."""
    return names(comment)


def say(subject: Subject) -> ResponseReturnValue:
    """Do what was asked: say it, tell how, or take it back."""
    wish = request.form.get("helped", "1" if "line" in request.form else "")
    if wish not in {"0", "1"}:
        abort(400)
    if wish == "0":
        helped.take_back(subject, current_user)
        return answer(subject, helped=False, said=_("You no longer say that this helped."))
    form = HowForm()
    if "line" not in request.form:
        helped.say(subject, current_user)
        if not htmx.is_htmx(request):
            return htmx.see_other(request, way(subject, "how"))
        return answer(subject, helped=True, said=_("The writer hears it."), form=form)
    if not form.validate():
        if not htmx.is_htmx(request):
            return page_of(subject, form), 422
        return part(subject, helped=True, form=form), 422
    helped.say(subject, current_user, form.line.data)
    return answer(subject, helped=True, said=_("Thank you. The writer reads it."))


def answer(
    subject: Subject, *, helped: bool, said: str = "", form: HowForm | None = None
) -> ResponseReturnValue:
    """Answer with the button as it stands now, and the question how; without htmx, the piece."""
    if htmx.is_htmx(request):
        return part(subject, helped=helped, said=said, form=form)
    flash(said, "ok")
    return htmx.see_other(request, url_of(subject))


def part(subject: Subject, *, helped: bool, said: str = "", form: HowForm | None = None) -> str:
    """Return the button with its number, and with a form the question how."""
    return render_template(
        "helped/button.htmx.html", subject=subject, helped=helped, said=said, form=form
    )


def page_of(subject: Subject, form: HowForm) -> str:
    """Return the page that asks how."""
    return render_template(
        "helped/how.html", subject=subject, form=form, back=url_of(subject),
        address=way(subject, "say"), title=piece(subject).title,
    )  # fmt: skip


def names(subject: Subject) -> str:
    """Return the page with who was helped."""
    before = request.args.get("before", 0, type=int)
    key = {"comment_id" if isinstance(subject, Comment) else "content_id": subject.id}
    return render_template(
        "content/likes.html", content=piece(subject), back=url_of(subject), key=key,
        page=reactions.names(subject, before, Helped), title=_("Whom this helped"),
        address=f"helped.{'names_of_reply' if isinstance(subject, Comment) else 'names_of_piece'}",
        nobody=_("Nobody has said so far that this helped."),
    )  # fmt: skip


def piece(subject: Subject) -> Content:
    """Return the piece to which a subject belongs, or which it is."""
    return subject.content if isinstance(subject, Comment) else subject


def way(subject: Subject, what: str) -> str:
    """Return the address of what can be done: `say` or `how`."""
    if isinstance(subject, Comment):
        endpoint = {"say": "helped.say_of_reply", "how": "helped.how_reply"}[what]
        return url_for(endpoint, comment_id=subject.id)
    endpoint = {"say": "helped.say_of_piece", "how": "helped.how_piece"}[what]
    return url_for(endpoint, content_id=subject.id)
