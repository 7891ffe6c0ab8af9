"""Measures on people, decisions about them, and objections."""

from app.blueprints.decisions import appealing, notes, people, queue, views
from app.blueprints.decisions.room import bp

__all__ = ["appealing", "bp", "notes", "people", "queue", "views"]
