"""Replies."""

from app.blueprints.comments import marks, reports, writing
from app.blueprints.comments.views import bp

__all__ = ["bp", "marks", "reports", "writing"]
