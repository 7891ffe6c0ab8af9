"""Documents at discussions and wiki pages."""

from app.blueprints.attachments import reports
from app.blueprints.attachments.views import bp

__all__ = ["bp", "reports"]
