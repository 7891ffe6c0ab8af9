"""Proposals for the wiki: making one, the queue of the specialists, and deciding."""

from app.blueprints.proposals import deciding, views, writing
from app.blueprints.proposals.room import bp

__all__ = ["bp", "deciding", "views", "writing"]
