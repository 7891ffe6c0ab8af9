"""Groups: circles of members with their own pieces."""

from app.blueprints.groups import glass, invitations, life, members, requests, views
from app.blueprints.groups.room import bp

__all__ = ["bp", "glass", "invitations", "life", "members", "requests", "views"]
