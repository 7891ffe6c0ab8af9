"""Questions and replies of so many working days ago."""

from datetime import datetime, timedelta
from typing import Any

from app.extensions import db
from app.lib.clock import now
from app.lib.working_days import subtract_working_days
from app.models import Attention, Comment, Discussion, User
from tests.cast import comment, discussion


def long_ago() -> datetime:
    """Return a moment at which nobody was new any more."""
    return now() - timedelta(days=400)


def ago(days: int) -> datetime:
    """Return a moment so many working days ago, and a little."""
    return subtract_working_days(now(), days) - timedelta(minutes=5)


def asked(author: User, title: str, days: int = 4, **values: Any) -> Discussion:
    """Add a question of so many working days ago."""
    when = ago(days)
    made = discussion(author, title, published_at=when, created_at=when, **values)
    made.last_active_at = when
    db.session.commit()
    return made


def replied(content: Discussion, author: User, days: int = 0) -> Comment:
    """Add a reply of so many working days ago."""
    return comment(content, author, created_at=ago(days) if days else now())


def held_by(content: Discussion, holder: User, days: int = 0) -> Attention:
    """Let someone see to a piece since so many working days."""
    made = Attention(content_id=content.id, claimed_by_id=holder.id, claimed_at=ago(days))
    db.session.add(made)
    db.session.commit()
    return made
