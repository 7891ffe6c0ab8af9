"""What was set, by whom and when."""

from sqlalchemy import Select, select

from app.models import LogEntry
from app.policy import SETTING


def changes() -> Select[LogEntry]:
    """Select every change of a setting; only who may change settings asks for it."""
    return select(LogEntry).where(LogEntry.subject_kind == SETTING)
