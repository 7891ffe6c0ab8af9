"""The page of a decision, which every form on it comes back to."""

from flask import make_response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.blueprints.decisions.forms import DecideForm
from app.blueprints.decisions.texts import LASTING, decider, measure_label
from app.models import AppealState, Comment, Content, Decision
from app.policy import Ability, open_to_objection
from app.services.activity import Verb
from app.services.decisions import objects_until
from app.templating import may

BY_HAND: dict[str, LazyString] = {
    Verb.EDITED: _l("Put the text back by hand: look it up in the earlier versions."),
    Verb.MOVED: _l("Move the discussion back by hand."),
    Verb.MERGED: _l("Undo the merge by hand, at the discussion itself."),
    Verb.REDACTED: _l("What was blacked out cannot come back. Ask the writer to write it anew."),
    Verb.ATTACHMENT_REMOVED: _l("The document is gone. Ask the writer to add it again."),
    Verb.IMAGE_REMOVED: _l("The image is gone. Ask the writer to add it again."),
}
"""What is left to do when an objection to a measure is found right."""


def show_page(
    decision: Decision, form: DecideForm | None = None, status: int = 200, *, too_late: bool = False
) -> ResponseReturnValue:
    """Return the page of a decision; `too_late` for who decided after someone else."""
    appeal = decision.appeal
    decides = appeal is not None and appeal.decided_at is None
    upheld = appeal is not None and appeal.state is AppealState.UPHELD
    html = render_template(
        "decisions/show.html",
        decision=decision,
        subject=subject_seen(decision),
        label=measure_label(decision),
        decided_by=decider(decision),
        lasting=decision.measure in LASTING,
        objects_until=objects_until(decision),
        form=form or DecideForm(formdata=None),
        objects=open_to_objection(decision) and may(Ability.APPEAL, decision),
        decides=decides and may(Ability.DECIDE_APPEAL, decision),
        left_to_do=BY_HAND.get(decision.measure) if upheld and not decision.ended_at else None,
        too_late=too_late,
    )
    return make_response(html, status)


def subject_seen(decision: Decision) -> Comment | Content | None:
    """Return the text that a decision is about, when the reader can see it."""
    subject = decision.comment or decision.content
    return subject if subject is not None and may(Ability.READ, subject) else None
