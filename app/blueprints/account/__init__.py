"""Signing in and one's own account."""

from app.blueprints.account.views import bp

__all__ = ["bp"]
