"""News for one member."""

from app.blueprints.notifications.views import bp

__all__ = ["bp"]
