"""What someone was writing: kept, found back, thrown away."""

from app.blueprints.drafts.views import bp

__all__ = ["bp"]
