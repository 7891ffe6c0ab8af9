"""Questions to the community manager of the example community."""

from datetime import timedelta
from typing import Any

from app.cli.example.community import Example, load
from app.cli.example.times import ago
from app.extensions import db
from app.models import HelpRequest, HelpTopic


def add_help(example: Example) -> None:
    """Add all questions: those that wait, and those that were answered."""
    for each in load("help.yaml"):
        db.session.add(question(example, each))


def question(example: Example, facts: dict[str, Any]) -> HelpRequest:
    """Return one question, with its answer when there is one."""
    asked = HelpRequest(
        asker=example.people[facts["by"]], topic=HelpTopic(facts["topic"]),
        theme=example.themes.get(facts.get("theme", "")), path=facts.get("path", ""),
        message=facts["message"].strip(), created_at=ago(example.start, facts["days"]),
    )  # fmt: skip
    if "answer" in facts:
        asked.answer = facts["answer"].strip()
        asked.answered_by = example.people["manager"]
        asked.answered_at = asked.created_at + timedelta(hours=5)
    return asked
