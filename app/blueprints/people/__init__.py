"""People and their roles."""

from app.blueprints.people.views import bp

__all__ = ["bp"]
