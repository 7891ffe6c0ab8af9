"""The settings of the community, set for one test."""

from app.extensions import db
from app.services import settings


def change(**values: object) -> None:
    """Change settings as the settings page does."""
    settings.change(values, None)
    db.session.commit()
