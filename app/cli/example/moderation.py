"""Reports of the example community: those that wait, and those that were settled."""

from datetime import timedelta
from typing import Any

from app.cli.example.community import Example, load, log
from app.cli.example.times import ago
from app.extensions import db
from app.models import Case, CaseState, Comment, Discussion, Report
from app.services.activity import Verb


def add_moderation(example: Example) -> None:
    """Add all reports, each in a case of its own."""
    facts = load("moderation.yaml")
    for each in facts["open"]:
        db.session.add(case(example, each))
    for each in facts["settled"]:
        closed = case(example, each)
        actor = example.people[each["handler"]]
        closed.state = CaseState.RESOLVED if each["upheld"] else CaseState.REJECTED
        closed.outcome, closed.closed_by_id = each["outcome"], actor.id
        closed.first_look_at = closed.closed_at = closed.created_at + timedelta(hours=3)
        db.session.add(closed)
        verb = Verb.REPORT_UPHELD if each["upheld"] else Verb.REPORT_DISMISSED
        log(verb, subject_of(example, each), actor, closed.closed_at, reason=each["outcome"])


def subject_of(example: Example, facts: dict[str, Any]) -> Discussion | Comment:
    """Return what a report is about."""
    title: str = facts["piece"]
    if "reply" in facts:
        number: int = facts["reply"]
        return example.replies[title][number - 1]
    return example.pieces[title]


def case(example: Example, facts: dict[str, Any]) -> Case:
    """Return a case of one report that nobody handled yet."""
    subject = subject_of(example, facts)
    moment = max(ago(example.start, facts["days"]), subject.created_at + timedelta(minutes=9))
    key = "comment_id" if isinstance(subject, Comment) else "content_id"
    made = Case(created_at=moment, due_at=moment + timedelta(hours=48), **{key: subject.id})
    reporter = example.people[facts["by"]]
    made.reports = [
        Report(reporter=reporter, reason=facts["reason"], note=facts["note"], created_at=moment)
    ]
    return made
