"""The page of a decision, which every form on it comes back to."""

from flask import make_response, render_template
from flask.typing import ResponseReturnValue

from app.blueprints.decisions.texts import LASTING, decider, measure_label
from app.models import Comment, Content, Decision
from app.policy import Ability
from app.services.decisions import objects_until
from app.templating import may


def show_page(decision: Decision, status: int = 200) -> ResponseReturnValue:
    """Return the page of a decision."""
    html = render_template(
        "decisions/show.html",
        decision=decision,
        subject=subject_seen(decision),
        label=measure_label(decision),
        decided_by=decider(decision),
        lasting=decision.measure in LASTING,
        objects_until=objects_until(decision),
    )
    return make_response(html, status)


def subject_seen(decision: Decision) -> Comment | Content | None:
    """Return the text that a decision is about, when the reader can see it."""
    subject = decision.comment or decision.content
    return subject if subject is not None and may(Ability.READ, subject) else None
