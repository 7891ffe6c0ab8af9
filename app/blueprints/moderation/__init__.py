"""Moderation in place, reports, the log."""

from app.blueprints.moderation.views import bp

__all__ = ["bp"]
