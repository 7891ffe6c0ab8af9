"""What the community set for itself, read at most once in ten seconds by each process."""

import time
from dataclasses import dataclass, fields

from flask import current_app
from sqlalchemy import select

from app.extensions import db
from app.models import Setting

SECONDS_KEPT = 10


@dataclass(frozen=True)
class Site:
    """The settings with their first values."""

    name: str = "Kring"
    municipality: str = ""
    tagline: str = ""
    unanswered_days: int = 3
    show_views: bool = True
    ambassador_cap: int = 30


def site() -> Site:
    """Return the settings of this community."""
    kept = current_app.extensions.get("kring_site")
    if kept is None or kept[1] < time.monotonic() - SECONDS_KEPT:
        known = {field.name for field in fields(Site)}
        rows = db.session.execute(select(Setting.key, Setting.value))
        kept = Site(**{key: value for key, value in rows if key in known}), time.monotonic()
        current_app.extensions["kring_site"] = kept
    found: Site = kept[0]
    return found


def forget_site() -> None:
    """Read the settings anew at their next use."""
    current_app.extensions.pop("kring_site", None)
