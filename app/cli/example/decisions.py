"""Decisions about people in the example community: one that someone objects to, and a warning."""

from datetime import datetime, timedelta
from typing import Any

from app.cli.example.community import Example, load, log
from app.cli.example.discussions import add_reply
from app.cli.example.times import ago
from app.extensions import db
from app.models import Appeal, Comment, Decision, Notification, StaffNote, User
from app.services import appeals
from app.services.activity import Verb


def add_decisions(example: Example) -> None:
    """Add what was decided, what someone objects to, and what the manager noted."""
    facts = load("decisions.yaml")
    for each in facts["hidden"]:
        decided = hidden(example, each, hidden_reply(example, each))
        db.session.flush()
        if "objection" in each:
            object_to(example, decided, each)
    for each in facts["warned"]:
        warn(example, each)
    for each in facts["notes"]:
        note = StaffNote(
            person_id=example.people[each["person"]].id, author_id=example.people[each["by"]].id,
            body=each["body"], created_at=ago(example.start, each["days"]),
        )  # fmt: skip
        db.session.add(note)


def hidden_reply(example: Example, facts: dict[str, Any]) -> Comment:
    """Return the reply that was hidden: one that is there, or one that is added now."""
    title = facts["piece"]
    replies = example.replies[title]
    if "reply" in facts:
        found: Comment = replies[facts["reply"] - 1]
        return found
    moment = ago(example.start, facts["days"])
    words = {facts["by"]: facts["text"], "hidden": facts["reason"]}
    reply = add_reply(example, example.pieces[title], words, moment)
    replies.append(reply)
    example.pieces[title].last_position = reply.position
    return reply


def hidden(example: Example, facts: dict[str, Any], reply: Comment) -> Decision:
    """Add the decision by which a reply was hidden, and tell its author."""
    moderator = example.people["moderator"]
    moment = reply.hidden_at or reply.created_at
    made = decision(
        example.people[facts["by"]], moderator, Verb.HIDDEN, moment,
        label=facts["piece"], content_id=reply.content_id, comment_id=reply.id,
        rule=facts["rule"], reason=reply.hidden_reason,
    )  # fmt: skip
    tell(made, Verb.HIDDEN, moderator, moment, example.start)
    return made


def warn(example: Example, facts: dict[str, Any]) -> None:
    """Add a warning, in the log and with its notice."""
    person, actor = example.people[facts["person"]], example.people[facts["by"]]
    moment = ago(example.start, facts["days"])
    made = decision(
        person, actor, Verb.WARNED, moment,
        label=person.name, rule=facts["rule"], reason=facts["reason"],
    )  # fmt: skip
    log(Verb.WARNED, person, actor, moment, reason=f"{facts['rule']}: {facts['reason']}")
    tell(made, Verb.WARNED, actor, moment, example.start)


def decision(person: User, actor: User, measure: Verb, moment: datetime, **values: Any) -> Decision:
    """Add a decision of the past."""
    made = Decision(person=person, actor=actor, measure=measure.value, created_at=moment, **values)
    db.session.add(made)
    db.session.flush()
    return made


def object_to(example: Example, decided: Decision, facts: dict[str, Any]) -> None:
    """Add an objection that waits, and tell who may decide about it."""
    moment = ago(example.start, facts["objected"])
    appeal = Appeal(
        decision=decided, body=facts["objection"], created_at=moment, due_at=moment + appeals.due()
    )
    db.session.add(appeal)
    for key in ("ambassadeur", "manager"):
        news = Notification(
            user_id=example.people[key].id, verb=Verb.APPEALED.value, decision=decided,
            content_id=decided.content_id, comment_id=decided.comment_id,
            actor=decided.person, created_at=moment,
        )  # fmt: skip
        db.session.add(news)


def tell(decided: Decision, verb: Verb, actor: User, moment: datetime, start: datetime) -> None:
    """Add the notice to who it concerns, read when it is old."""
    read = moment + timedelta(hours=5) if start - moment > timedelta(days=4) else None
    news = Notification(
        user_id=decided.person.id, verb=verb.value, decision=decided,
        content_id=decided.content_id, comment_id=decided.comment_id, actor=actor,
        message=decided.reason, created_at=moment, read_at=read,
    )  # fmt: skip
    db.session.add(news)
