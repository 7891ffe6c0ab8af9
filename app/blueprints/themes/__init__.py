"""Themes and keywords."""

from app.blueprints.themes import keeping, tags, views
from app.blueprints.themes.room import bp

__all__ = ["bp", "keeping", "tags", "views"]
