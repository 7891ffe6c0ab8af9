"""Questions to the community manager, and the wish to do more."""

from app.blueprints.help.views import bp

__all__ = ["bp"]
