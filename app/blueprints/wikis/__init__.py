"""Wikis."""

from app.blueprints.wikis.views import bp

__all__ = ["bp"]
