"""The first day: the house rules before anything else, then profile, themes and first steps."""

from app.blueprints.welcome import gate, profile, rules, steps
from app.blueprints.welcome.room import bp

__all__ = ["bp", "gate", "profile", "rules", "steps"]
