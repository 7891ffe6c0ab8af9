"""People and their roles."""

from app.blueprints.people import following, newcomers, reports, roles, views
from app.blueprints.people.room import bp

__all__ = ["bp", "following", "newcomers", "reports", "roles", "views"]
