"""The desk: what waits for an answer, and who sees to it."""

from app.blueprints.desk.room import bp

__all__ = ["bp"]
