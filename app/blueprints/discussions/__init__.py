"""Discussions: lists, the page of one, writing, and the versions kept."""

from app.blueprints.discussions import history, views, writing
from app.blueprints.discussions.room import bp

__all__ = ["bp", "history", "views", "writing"]
