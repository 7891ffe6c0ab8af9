"""Groups: circles of members with their own pieces."""

from app.blueprints.groups import members, views
from app.blueprints.groups.room import bp

__all__ = ["bp", "members", "views"]
