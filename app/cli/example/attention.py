"""Who sees to the pieces of the example community that wait for an answer."""

from typing import Any

from app.cli.example.community import Example, load
from app.cli.example.times import ago
from app.extensions import db
from app.models import Attention, Nudge


def add_attention(example: Example) -> None:
    """Add what is done about what waits; the piece of each is named by its title."""
    for facts in load("attention.yaml"):
        piece = example.pieces[facts["piece"]]
        db.session.add(attention(example, piece.id, facts))
        for asked in facts.get("asked", []):
            nudge = Nudge(
                content_id=piece.id, person=example.people[asked["person"]],
                by_id=example.people[asked["by"]].id, message=asked["message"],
                created_at=ago(example.start, asked["days"]),
            )  # fmt: skip
            db.session.add(nudge)


def attention(example: Example, content_id: int, facts: dict[str, Any]) -> Attention:
    """Return who sees to a piece, and whether the manager was told that it waits too long."""
    made = Attention(content_id=content_id)
    if "by" in facts:
        made.claimed_by = example.people[facts["by"]]
        made.claimed_at = ago(example.start, facts["days"])
    if "handed" in facts:
        made.handed_by_id = example.people[facts["handed"]].id
    if facts.get("late"):
        made.escalated_at = ago(example.start, 1.1)
    return made
