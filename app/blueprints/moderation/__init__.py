"""Moderation: measures in place, the queue of reports, the log."""

from app.blueprints.moderation import cases, log, measures, redaction
from app.blueprints.moderation.room import bp

__all__ = ["bp", "cases", "log", "measures", "redaction"]
