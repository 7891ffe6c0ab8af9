"""Members whom a member mutes or blocks."""

from app.blueprints.blocks import views
from app.blueprints.blocks.room import bp

__all__ = ["bp", "views"]
