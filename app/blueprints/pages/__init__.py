"""Standing pages: to read and to print, their versions, and changing them."""

from app.blueprints.pages import history, restoring, views, writing
from app.blueprints.pages.room import bp

__all__ = ["bp", "history", "restoring", "views", "writing"]
