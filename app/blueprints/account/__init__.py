"""Signing in and one's own account."""

from app.blueprints.account import address, following, password, profile, sign_in, views
from app.blueprints.account.room import bp

__all__ = ["address", "bp", "following", "password", "profile", "sign_in", "views"]
