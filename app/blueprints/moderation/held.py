"""What waits until a moderator has seen it: let through or rejected, one or many at once."""

import re
from collections.abc import Iterable, Sequence

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.access import requires
from app.blueprints.moderation.measure_forms import MeasureForm
from app.blueprints.moderation.room import bp
from app.lib import htmx
from app.models import Comment
from app.policy import Ability
from app.queries import held as queries
from app.queries.held import Waiting
from app.services import letting_through
from app.services.activity import Verb

NAME = re.compile(r"(content|comment)-([0-9]{1,9})")
MOST = 100


@bp.get("/moderation/held")
@requires(Ability.HANDLE_REPORTS)
def held() -> ResponseReturnValue:
    """List what waits, the oldest first, each with its text."""
    return render_template("moderation/held.html", waiting=queries.waiting(current_user))


@bp.post("/moderation/held/accept")
@requires(Ability.HANDLE_REPORTS)
def accept_held() -> ResponseReturnValue:
    """Let the chosen texts through."""
    subjects = chosen()
    late = [each for each in subjects if not letting_through.accept(each, current_user)]
    number = len(subjects) - len(late)
    done = ngettext("%(num)d text has been approved.", "%(num)d texts have been approved.", number)
    return settled(done if number else "", late)


@bp.route("/moderation/held/reject", methods=["GET", "POST"])
@requires(Ability.HANDLE_REPORTS)
def reject_held() -> ResponseReturnValue:
    """Ask why the chosen texts do not come, or keep them out of sight for good."""
    subjects = chosen()
    if request.method == "GET" and "cancel" in request.args and htmx.is_htmx(request):
        return render_template("moderation/_cancelled.html")
    asked = "reason" in request.form
    form = MeasureForm() if asked else MeasureForm(formdata=None)
    if not asked or not form.validate():
        return ask(subjects, form)
    late = [each for each in subjects if not reject(each, form)]
    number = len(subjects) - len(late)
    done = ngettext(
        "%(num)d text has been rejected. The writer has been told why.",
        "%(num)d texts have been rejected. The writers have been told why.",
        number,
    )
    return settled(done if number else "", late)


def reject(subject: Waiting, form: MeasureForm) -> bool:
    """Reject one of them."""
    return letting_through.reject(subject, current_user, form.because, form.grounds)


def chosen() -> list[Waiting]:
    """Return the texts that were chosen; 404 for what is not there, or not theirs to decide."""
    names = list(dict.fromkeys(request.values.getlist("chosen")))[:MOST]
    found = [NAME.fullmatch(name) for name in names]
    keys: dict[str, set[int]] = {"content": set(), "comment": set()}
    for match in found:
        if match is None:
            abort(404)
        keys[match[1]].add(int(match[2]))
    subjects = queries.chosen(current_user, keys["content"], keys["comment"])
    if len(subjects) != len(names):
        abort(404)
    return subjects


def ask(subjects: Sequence[Waiting], form: MeasureForm) -> ResponseReturnValue:
    """Return the form with the reason: a page, or a part that opens under one text."""
    here = htmx.is_htmx(request) and len(subjects) == 1
    template = "moderation/_reject.html" if here else "moderation/reject.html"
    html = render_template(template, subjects=subjects, form=form, in_place=here)
    response = make_response(html, 422 if form.errors else 200)
    if here and form.errors:
        return htmx.reswap(htmx.retarget(response, f"#reject-{name_of(subjects[0])}"), "innerHTML")
    return response


def name_of(subject: Waiting) -> str:
    """Return what a text is called in a form: content-12, comment-5."""
    return f"{'comment' if isinstance(subject, Comment) else 'content'}-{subject.id}"


def settled(done: str, late: Iterable[Waiting]) -> ResponseReturnValue:
    """Say what happened, and who was earlier; show what waits still."""
    told = [done, *map(told_of, late)]
    said = " ".join(filter(None, told)) or _("Choose one or more texts first.")
    if htmx.is_htmx(request):
        waiting = queries.waiting(current_user)
        return render_template("moderation/_held.html", waiting=waiting, said=said)
    flash(said, "ok" if done else "info")
    return redirect(url_for(".held"), 303)


def told_of(subject: Waiting) -> str:
    """Tell who was earlier to decide about a text, and what."""
    title = subject.content.title if isinstance(subject, Comment) else subject.title
    if subject.held_at is not None:
        return str(_("“%(title)s”: the writer has withdrawn this.", title=title))
    entry = letting_through.how_it_ended(subject)
    if entry is None:
        return str(_("“%(title)s” did not wait.", title=title))
    if entry.action == Verb.REJECTED.value:
        return str(
            _(
                "“%(title)s”: %(name)s has rejected this already.",
                title=title,
                name=entry.actor_name,
            )
        )
    return str(
        _("“%(title)s”: %(name)s has approved this already.", title=title, name=entry.actor_name)
    )
