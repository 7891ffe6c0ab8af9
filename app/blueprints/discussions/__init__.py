"""Discussions."""

from app.blueprints.discussions.views import bp

__all__ = ["bp"]
