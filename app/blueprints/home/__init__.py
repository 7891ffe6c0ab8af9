"""The home page and the health check."""

from app.blueprints.home.views import bp

__all__ = ["bp"]
