"""Groups."""

from app.blueprints.groups.views import bp

__all__ = ["bp"]
