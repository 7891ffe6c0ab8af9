"""Measures: a small page with a form, and the same form in place."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app.access import with_comment, with_content
from app.blueprints.moderation.measure_forms import (
    LockForm,
    MeasureForm,
    PinForm,
    PlaceForm,
    SlowForm,
    Subject,
)
from app.blueprints.moderation.room import bp
from app.lib import htmx
from app.models import Comment, Content, User
from app.policy import Ability
from app.queries.comments import one_reply
from app.services import moderation, moving
from app.templating import url_of


@dataclass(frozen=True)
class Measure:
    """A measure with its words. `link` names the menu item that it turns round."""

    name: str
    ability: Ability
    link: str
    title: LazyString
    explained: LazyString
    done: LazyString
    act: Callable[[Any, User, Any], bool]
    form: type[MeasureForm] = MeasureForm
    kind: str = "primary"


already = _l("That had been done already; nothing has changed.")

HIDE = Measure(
    "hide", Ability.HIDE, "hide", _l("Hide"),
    _l("Only the author and the moderators can see it after this. The author gets your reason by mail."),
    _l("It is hidden. The author has been told why."),
    lambda subject, actor, form: moderation.hide(subject, actor, form.because, form.grounds),
    kind="danger",
)  # fmt: skip
RESTORE = Measure(
    "restore", Ability.HIDE, "hide", _l("Show again"),
    _l("Those who could read it before can read it again. The author gets your reason by mail."),
    _l("It can be seen again. The author has been told."),
    lambda subject, actor, form: moderation.restore(subject, actor, form.because, form.grounds),
)  # fmt: skip
FOR_CONTENT = (
    HIDE,
    RESTORE,
    Measure(
        "lock", Ability.LOCK, "lock", _l("Lock"),
        _l("Nobody can add replies after this. What is there can still be read. Without a date it stays locked until a moderator unlocks it."),
        _l("It is locked. The author has been told why."),
        lambda subject, actor, form: moderation.lock(subject, actor, form.because, form.until.data, form.grounds),
        LockForm,
    ),
    Measure(
        "unlock", Ability.LOCK, "lock", _l("Unlock"),
        _l("Members can add replies again."),
        _l("It is open for replies again."),
        lambda subject, actor, form: moderation.unlock(subject, actor, form.because, form.grounds),
    ),
    Measure(
        "pin", Ability.PIN, "pin", _l("Pin"),
        _l("It stands on top of its lists until the day that you choose."),
        _l("It is pinned."),
        lambda subject, actor, form: moderation.pin(subject, actor, form.because, form.until.data, form.grounds),
        PinForm,
    ),
    Measure(
        "unpin", Ability.PIN, "pin", _l("Unpin"),
        _l("It takes its own place in the lists again."),
        _l("It is no longer pinned."),
        lambda subject, actor, form: moderation.unpin(subject, actor, form.because, form.grounds),
    ),
    Measure(
        "feature", Ability.FEATURE, "feature", _l("Feature"),
        _l("It is shown on the home page."),
        _l("It is featured."),
        lambda subject, actor, form: moderation.feature(subject, actor, form.because, form.grounds),
    ),
    Measure(
        "unfeature", Ability.FEATURE, "feature", _l("No longer feature"),
        _l("It leaves the home page."),
        _l("It is no longer featured."),
        lambda subject, actor, form: moderation.unfeature(subject, actor, form.because, form.grounds),
    ),
    Measure(
        "slow", Ability.LOCK, "slow", _l("Slow down"),
        _l("Each member waits between two replies. You and other moderators do not. Without a date it stays slow until a moderator ends it."),
        _l("It is slowed down. The author has been told why."),
        lambda subject, actor, form: moderation.slow(
            subject, actor, form.because, form.minutes.data, form.end, grounds=form.grounds
        ),
        SlowForm,
    ),
    Measure(
        "unslow", Ability.LOCK, "slow", _l("No longer slow down"),
        _l("Members can reply at their own pace again."),
        _l("Members can reply at their own pace again."),
        lambda subject, actor, form: moderation.unslow(
            subject, actor, form.because, form.grounds
        ),
    ),
    Measure(
        "move", Ability.MOVE, "", _l("Move to another theme or group"),
        _l("The address stays the same, so links keep working."),
        _l("It has been moved. The author has been told why."),
        lambda subject, actor, form: moving.move(
            subject, actor, form.because, form.chosen, form.place, grounds=form.grounds
        ),
        PlaceForm,
    ),
)  # fmt: skip


def take(measure: Measure, subject: Subject) -> ResponseReturnValue:
    """Show the form of a measure, or take it."""
    if request.method == "GET" and "cancel" in request.args and htmx.is_htmx(request):
        return render_template("moderation/_cancelled.html")
    form = measure.form()
    form.fit(subject)
    if not form.validate_on_submit():
        return show(measure, subject, form)
    changed = measure.act(subject, current_user, form)
    text = measure.done if changed else already
    if not htmx.is_htmx(request):
        flash(str(text), "ok" if changed else "info")
        return redirect(url_of(subject), 303)
    if isinstance(subject, Comment):
        reply = one_reply(subject, current_user)
        return render_template("comments/_comment.html", reply=reply, focus=True, said=text)
    return render_template(
        "moderation/taken.htmx.html", content=subject, measure=measure, announce=text
    )


def show(measure: Measure, subject: Subject, form: MeasureForm) -> ResponseReturnValue:
    """Return the form: a page, or a part that opens under the subject."""
    here = htmx.is_htmx(request)
    kind = "comment" if isinstance(subject, Comment) else "content"
    slot = f"#measure-{kind}-{subject.id}"
    template = "moderation/_measure.html" if here else "moderation/measure.html"
    html = render_template(
        template, measure=measure, subject=subject, form=form, slot=slot, kind=kind, in_place=here,
        content=subject.content if isinstance(subject, Comment) else subject,
    )  # fmt: skip
    response = make_response(html, 422 if form.errors else 200)
    return (
        htmx.reswap(htmx.retarget(response, slot), "innerHTML")
        if here and form.errors
        else response
    )


def content_view(measure: Measure) -> Callable[[Content], ResponseReturnValue]:
    """Return the view that takes a measure on a piece."""

    def view(content: Content) -> ResponseReturnValue:
        return take(measure, content)

    return with_content(Content, measure.ability)(view)


def comment_view(measure: Measure) -> Callable[[Comment], ResponseReturnValue]:
    """Return the view that takes a measure on a reply."""

    def view(comment: Comment) -> ResponseReturnValue:
        return take(measure, comment)

    return with_comment(measure.ability)(view)


for each in FOR_CONTENT:
    bp.add_url_rule(
        f"/content/<id:content_id>/{each.name}",
        each.name,
        content_view(each),
        methods=["GET", "POST"],
    )
for each in (HIDE, RESTORE):
    bp.add_url_rule(
        f"/comments/<id:comment_id>/{each.name}", f"{each.name}_comment", comment_view(each),
        methods=["GET", "POST"],
    )  # fmt: skip
