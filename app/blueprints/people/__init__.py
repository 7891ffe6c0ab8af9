"""People and their roles."""

from app.blueprints.people import following, newcomers, roles, views
from app.blueprints.people.room import bp

__all__ = ["bp", "following", "newcomers", "roles", "views"]
