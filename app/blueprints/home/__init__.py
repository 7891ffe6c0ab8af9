"""The home page, the health check and security.txt."""

from app.blueprints.home import security_txt, views
from app.blueprints.home.room import bp

__all__ = ["bp", "security_txt", "views"]
