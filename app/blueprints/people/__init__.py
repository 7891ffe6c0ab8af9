"""People and their roles."""

from app.blueprints.people import roles, views
from app.blueprints.people.room import bp

__all__ = ["bp", "roles", "views"]
