"""Replies."""

from app.blueprints.comments.views import bp

__all__ = ["bp"]
