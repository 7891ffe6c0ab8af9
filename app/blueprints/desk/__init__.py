"""The desk: what waits for an answer, and who sees to it."""

from app.blueprints.desk import asking, attention, figures, holding
from app.blueprints.desk.room import bp

__all__ = ["asking", "attention", "bp", "figures", "holding"]
