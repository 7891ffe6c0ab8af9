"""Texts to begin a piece with."""

from app.blueprints.templates.views import bp

__all__ = ["bp"]
