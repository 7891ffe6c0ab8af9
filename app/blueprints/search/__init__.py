"""Finding: search, what goes with a piece, and what was searched for."""

from app.blueprints.search import related, searches, views
from app.blueprints.search.room import bp

__all__ = ["bp", "related", "searches", "views"]
