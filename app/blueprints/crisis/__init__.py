"""The switch for a crisis, and the report of it afterwards."""

from app.blueprints.crisis import views
from app.blueprints.crisis.room import bp

__all__ = ["bp", "views"]
