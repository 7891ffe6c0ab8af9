"""Decisions: how long someone can object, and how they end."""

from datetime import datetime, timedelta

from app.models import Decision
from app.site import site


def objects_until(decision: Decision) -> datetime:
    """Return until when the person can object."""
    return decision.created_at + timedelta(days=site().appeal_days)
