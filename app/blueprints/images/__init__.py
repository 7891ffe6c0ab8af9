"""Images in texts."""

from app.blueprints.images import removing, views
from app.blueprints.images.room import bp

__all__ = ["bp", "removing", "views"]
