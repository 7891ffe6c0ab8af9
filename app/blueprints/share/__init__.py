"""Sharing the address of a piece or a reply with a colleague."""

from app.blueprints.share.views import bp

__all__ = ["bp"]
