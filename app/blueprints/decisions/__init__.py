"""Measures on people, decisions about them, and objections."""

from app.blueprints.decisions import views
from app.blueprints.decisions.room import bp

__all__ = ["bp", "views"]
