"""Discussions: lists, the page of one, writing, and the versions kept."""

from app.blueprints.discussions import history, writing
from app.blueprints.discussions.views import bp

__all__ = ["bp", "history", "writing"]
