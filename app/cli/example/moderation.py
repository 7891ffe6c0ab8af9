"""Reports of the example community: those that wait, and those that were settled."""

from datetime import timedelta
from typing import Any

from app.cli.example.community import Example, load, log
from app.cli.example.times import ago
from app.extensions import db
from app.models import Comment, Discussion, Report, ReportReason, ReportState
from app.services.activity import Verb


def add_moderation(example: Example) -> None:
    """Add all reports."""
    facts = load("moderation.yaml")
    for each in facts["open"]:
        db.session.add(report(example, each))
    for each in facts["settled"]:
        settled = report(example, each)
        actor = example.people[each["handler"]]
        settled.state = ReportState.UPHELD if each["upheld"] else ReportState.DISMISSED
        settled.outcome, settled.handled_by_id = each["outcome"], actor.id
        settled.handled_at = settled.created_at + timedelta(hours=3)
        db.session.add(settled)
        verb = Verb.REPORT_UPHELD if each["upheld"] else Verb.REPORT_DISMISSED
        log(verb, subject_of(example, each), actor, settled.handled_at, reason=each["outcome"])


def subject_of(example: Example, facts: dict[str, Any]) -> Discussion | Comment:
    """Return what a report is about."""
    title: str = facts["piece"]
    if "reply" in facts:
        number: int = facts["reply"]
        return example.replies[title][number - 1]
    return example.pieces[title]


def report(example: Example, facts: dict[str, Any]) -> Report:
    """Return a report that nobody handled yet."""
    subject = subject_of(example, facts)
    moment = max(ago(example.start, facts["days"]), subject.created_at + timedelta(minutes=9))
    key = "comment_id" if isinstance(subject, Comment) else "content_id"
    return Report(
        reporter_id=example.people[facts["by"]].id, reason=ReportReason(facts["reason"]),
        note=facts["note"], created_at=moment, **{key: subject.id},
    )  # fmt: skip
