"""“This helped me”: saying it, who said it, and all of it for stories of success."""

from app.blueprints.helped import collection
from app.blueprints.helped.views import bp

__all__ = ["bp", "collection"]
