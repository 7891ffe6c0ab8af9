"""Reports of the example community: those that wait, those in hand, and those that were settled."""

from datetime import timedelta
from typing import Any

from app.cli.example.community import Example, load, log
from app.cli.example.times import ago
from app.extensions import db
from app.models import Case, CaseEvent, CaseState, CaseStep, Comment, Discussion, Report, User
from app.services.activity import Verb
from app.services.alarms import key_of
from app.site import site


def add_moderation(example: Example) -> None:
    """Add all reports, those of one thing in one case."""
    facts = load("moderation.yaml")
    for each in facts["open"]:
        opened = case(example, each)
        for step in each.get("steps", ()):
            add_step(example, opened, step)
        db.session.add(opened)
    for each in facts["settled"]:
        db.session.add(settled(example, each))


def subject_of(example: Example, facts: dict[str, Any]) -> Discussion | Comment | User:
    """Return what a report is about."""
    if "person" in facts:
        return example.people[facts["person"]]
    title: str = facts["piece"]
    if "reply" in facts:
        number: int = facts["reply"]
        return example.replies[title][number - 1]
    return example.pieces[title]


def case(example: Example, facts: dict[str, Any]) -> Case:
    """Return a case of one or more reports that nobody handled yet."""
    subject = subject_of(example, facts)
    moment = max(ago(example.start, facts["days"]), subject.created_at + timedelta(minutes=9))
    due = moment + timedelta(hours=site().case_hours)
    made = Case(created_at=moment, due_at=due, **{key_of(subject): subject.id})
    made.events = []
    made.reports = [
        Report(
            reporter=example.people[each["by"]], reason=each["reason"], note=each["note"],
            created_at=moment + timedelta(minutes=40 * number),
        )
        for number, each in enumerate([facts, *facts.get("also", ())])
    ]  # fmt: skip
    return made


def add_step(example: Example, opened: Case, facts: dict[str, Any]) -> None:
    """Let a moderator do something with a case, some hours after it was reported."""
    step, actor = CaseStep(facts["step"]), example.people[facts["by"]]
    at = opened.created_at + timedelta(hours=facts["hours"])
    opened.first_look_at = opened.first_look_at or at
    opened.events.append(CaseEvent(step=step, actor_id=actor.id, at=at, text=facts.get("text", "")))
    if step is CaseStep.TAKEN:
        opened.state, opened.taken_by_id, opened.taken_at = CaseState.TAKEN, actor.id, at
    if step is CaseStep.ESCALATED:
        opened.state, opened.taken_by_id, opened.taken_at = CaseState.OPEN, None, None
        opened.escalated_at, opened.escalated_by_id = at, actor.id


def settled(example: Example, facts: dict[str, Any]) -> Case:
    """Return a case that was closed, with its row in the log."""
    closed = case(example, facts)
    actor = example.people[facts["handler"]]
    closed.state = CaseState.RESOLVED if facts["upheld"] else CaseState.REJECTED
    closed.outcome, closed.closed_by_id = facts["outcome"], actor.id
    closed.rule = facts.get("rule", "")
    closed.first_look_at = closed.closed_at = closed.created_at + timedelta(hours=3)
    closed.events.append(
        CaseEvent(
            step=CaseStep.CLOSED, actor_id=actor.id, at=closed.closed_at, text=facts["outcome"]
        )
    )
    verb = Verb.REPORT_UPHELD if facts["upheld"] else Verb.REPORT_DISMISSED
    log(verb, subject_of(example, facts), actor, closed.closed_at, reason=facts["outcome"])
    return closed
