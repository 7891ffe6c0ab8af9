"""What members add to a piece: likes, follows, bookmarks, reports."""

from app.blueprints.content import reports
from app.blueprints.content.views import bp

__all__ = ["bp", "reports"]
