"""More than one at once: choose discussions or replies, then take one measure on all."""

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.access import requires, with_content
from app.blueprints.moderation.measure_forms import MoveForm, Subject
from app.blueprints.moderation.measures import FOR_CONTENT, HIDE, RESTORE, Measure
from app.blueprints.moderation.room import bp
from app.extensions import db
from app.forms import tidy_line
from app.lib.keyset import BadCursorError
from app.models import Comment, Content, Discussion
from app.policy import Ability, can, guarded_by, visible_to
from app.queries.comments import page_of_comments
from app.queries.listing import BY_ACTIVITY, listed, page_of
from app.queries.transfers import replies as replies_by_id
from app.services import moderation, moving

MOST = 100
LARGEST = 10**9
MOVE = Measure(
    "move", Ability.MOVE, "", _l("Move to another theme"),
    _l("The addresses stay the same, so links keep working."),
    _l("It has been moved. The author has been told why."),
    lambda subject, actor, form: moving.move(
        subject, actor, form.because, form.chosen, subject.group, grounds=form.grounds
    ),
    MoveForm,
)  # fmt: skip
LOCK = next(each for each in FOR_CONTENT if each.name == "lock")
FOR_MANY = (HIDE, RESTORE, LOCK, MOVE)
FOR_REPLIES = (HIDE, RESTORE)


def chosen_ids() -> list[int]:
    """Return the ids that were chosen, in the address or in the form."""
    found = request.values.getlist("chosen", type=int)
    return [key for key in dict.fromkeys(found) if 0 < key < LARGEST][:MOST]


def chosen_replies(content: Content) -> list[Comment]:
    """Return the replies to a piece that were chosen."""
    found = list(db.session.scalars(replies_by_id(content, chosen_ids())))
    for reply in found:
        reply.content = content
    return found


def chosen_pieces() -> list[Discussion]:
    """Return the discussions that were chosen and that this moderator can see."""
    return list(
        db.session.scalars(
            select(Discussion)
            .where(Discussion.id.in_(chosen_ids()), visible_to(current_user))
            .order_by(Discussion.id)
            .options(
                joinedload(Content.group), joinedload(Content.author), joinedload(Content.theme)
            )
        )
    )


@bp.get("/moderation/bulk")
@requires(Ability.HANDLE_REPORTS)
def bulk() -> ResponseReturnValue:
    """Show the discussions that this moderator keeps an eye on, to choose from."""
    words = tidy_line(request.args.get("q"))[:200]
    found = listed(current_user).where(Content.kind == "discussion", guarded_by(current_user))
    for word in words.split():
        found = found.where(Content.title.icontains(word, autoescape=True))
    try:
        page = page_of(found, BY_ACTIVITY, request.args.get("after"), request.args.get("before"))
    except BadCursorError:
        abort(404)
    return render_template("moderation/bulk.html", page=page, q=words, measures=FOR_MANY)


@bp.get("/content/<id:content_id>/replies")
@with_content(Content, Ability.MERGE)
def replies(content: Content) -> ResponseReturnValue:
    """Show a page of the replies to a discussion, to choose from."""
    number = request.args.get("page", 1, type=int)
    talk = page_of_comments(content, number, current_user)
    return render_template(
        "moderation/replies.html", content=content, talk=talk, measures=FOR_REPLIES
    )


def take_on_all(
    measure: Measure, subjects: Sequence[Subject], url: str, back: str
) -> ResponseReturnValue:
    """Show the form of a measure for all that was chosen, or take it on each that it may be."""
    if not subjects:
        flash(_("Choose one or more first."), "info")
        return redirect(back, 303)
    form: Any = measure.form()
    if isinstance(form, MoveForm):
        form.offer_themes()
    if not form.validate_on_submit():
        html = render_template(
            "moderation/together.html", measure=measure, subjects=subjects, form=form, url=url,
            back=back,
        )  # fmt: skip
        return html, 422 if form.errors else 200
    moderation.hold(subjects)
    problems = [problem for each in subjects if (problem := take_on(measure, each, form))]
    flash(outcome(len(subjects) - len(problems), problems), "info" if problems else "ok")
    return redirect(back, 303)


def take_on(measure: Measure, subject: Subject, form: Any) -> str:
    """Take a measure on one of many; return what stood in the way, if anything did."""
    label = label_of(subject)
    if not can(current_user, measure.ability, subject):
        return str(_("%(label)s is not for you to decide about", label=label))
    if not measure.act(subject, current_user, form):
        return str(_("%(label)s: that had been done already", label=label))
    return ""


def label_of(subject: Subject) -> str:
    """Return what one of many is called."""
    if isinstance(subject, Comment):
        return str(
            _("reply #%(number)s by %(name)s", number=subject.position, name=subject.author.name)
        )
    return f"“{subject.title}”"


def outcome(done: int, problems: Sequence[str]) -> str:
    """Say "12 done, 1 not: …"."""
    told = ngettext("%(num)d done", "%(num)d done", done)
    if not problems:
        return f"{told}."
    not_done = _("%(num)d not: %(why)s", num=len(problems), why="; ".join(problems))
    return f"{told}, {not_done}."


def pieces_view(measure: Measure) -> Any:
    """Return the view that takes a measure on the discussions that were chosen."""

    def view() -> ResponseReturnValue:
        here = url_for(f".bulk_{measure.name}")
        return take_on_all(measure, chosen_pieces(), here, url_for(".bulk"))

    return requires(Ability.HANDLE_REPORTS)(view)


def replies_view(measure: Measure) -> Any:
    """Return the view that takes a measure on the replies that were chosen."""

    def view(content: Content) -> ResponseReturnValue:
        here = url_for(f".replies_{measure.name}", content_id=content.id)
        back = url_for(".replies", content_id=content.id)
        return take_on_all(measure, chosen_replies(content), here, back)

    return with_content(Content, Ability.MERGE)(view)


for each in FOR_MANY:
    bp.add_url_rule(
        f"/moderation/bulk/{each.name}", f"bulk_{each.name}", pieces_view(each),
        methods=["GET", "POST"],
    )  # fmt: skip
for each in FOR_REPLIES:
    bp.add_url_rule(
        f"/content/<id:content_id>/replies/{each.name}", f"replies_{each.name}",
        replies_view(each), methods=["GET", "POST"],
    )  # fmt: skip
