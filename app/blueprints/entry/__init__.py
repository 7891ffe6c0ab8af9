"""Getting in: invitations, the page behind their link, and asking to be let in."""

from app.blueprints.entry import accepting, invitations, registering, requests
from app.blueprints.entry.room import bp

__all__ = ["accepting", "bp", "invitations", "registering", "requests"]
