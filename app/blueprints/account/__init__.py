"""Signing in and one's own account."""

from app.blueprints.account import password, sign_in, views
from app.blueprints.account.room import bp

__all__ = ["bp", "password", "sign_in", "views"]
