"""What completes itself while someone types."""

from app.blueprints.suggest import views
from app.blueprints.suggest.room import bp

__all__ = ["bp", "views"]
