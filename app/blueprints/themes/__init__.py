"""Themes and keywords."""

from app.blueprints.themes.views import bp

__all__ = ["bp"]
