"""What members add to a piece: likes, follows, reports."""

from app.blueprints.content import reports
from app.blueprints.content.views import bp

__all__ = ["bp", "reports"]
