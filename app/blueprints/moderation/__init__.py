"""Moderation: measures in place, the queue of reports, the log."""

from app.blueprints.moderation import log, measures, queue
from app.blueprints.moderation.room import bp

__all__ = ["bp", "log", "measures", "queue"]
