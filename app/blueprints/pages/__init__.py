"""Standing pages."""

from app.blueprints.pages.views import bp

__all__ = ["bp"]
