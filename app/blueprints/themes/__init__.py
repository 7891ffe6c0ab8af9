"""Themes and keywords."""

from app.blueprints.themes import following, keeping, tags, views
from app.blueprints.themes.room import bp

__all__ = ["bp", "following", "keeping", "tags", "views"]
