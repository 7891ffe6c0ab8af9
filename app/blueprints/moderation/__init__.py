"""Moderation: measures in place, the queue of reports, the log."""

from app.blueprints.moderation import (
    case_steps,
    cases,
    choosing,
    figures,
    held,
    log,
    measures,
    redaction,
    transfers,
)
from app.blueprints.moderation.room import bp

__all__ = [
    "bp", "case_steps", "cases", "choosing", "figures", "held", "log", "measures", "redaction", "transfers",
]  # fmt: skip
