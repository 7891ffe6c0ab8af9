"""Alarms: what members report comes in a case, and so does a text with a watched word."""

import re
from datetime import timedelta

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import Select, select

from app.extensions import db
from app.lib.clock import now
from app.models import (
    RULE_LENGTH,
    UNDER_WAY,
    Attachment,
    Case,
    CaseState,
    Comment,
    Content,
    Report,
    User,
)
from app.services import reactions
from app.site import site

Subject = Content | Comment | Attachment | User
KEYS: dict[type, str] = {Comment: "comment_id", Attachment: "attachment_id", User: "user_id"}


def key_of(subject: Subject) -> str:
    """Return the column of `Case` that leads to this kind of subject."""
    return KEYS.get(type(subject), "content_id")


def under_way(subject: Subject) -> Select[Case]:
    """Select the case of a subject that is not closed, if there is one."""
    about = getattr(Case, key_of(subject)) == subject.id
    return select(Case).where(about, Case.state.in_(UNDER_WAY))


def sound(subject: Subject, reporter: User | None, reason: str, note: str) -> bool:
    """Add a report to the case of its subject; False when this member's earlier one is under way.

    Without a reporter a watched word gives the alarm.
    """
    reactions.add_once(
        Case, **{key_of(subject): subject.id}, state=CaseState.OPEN, created_at=now(),
        due_at=now() + timedelta(hours=site().case_hours),
    )  # fmt: skip
    case_id = db.session.scalars(under_way(subject).with_only_columns(Case.id)).one()
    return reactions.add_once(
        Report, case_id=case_id, reporter_id=reporter.id if reporter else None,
        reason=reason[:RULE_LENGTH], note=note, created_at=now(),
    )  # fmt: skip


def watch(subject: Content | Comment) -> None:
    """Bring a text before the moderators when it holds a word that they watch.

    Once for the same words: who looked at them before need not look again at each edit.
    """
    title = subject.title if isinstance(subject, Content) else ""
    found = words_in(f"{title}\n{subject.body}")
    if not found:
        return
    with force_locale(site().locale):
        reason = _("Watched word: %(words)s", words=", ".join(found))[:RULE_LENGTH]
    before = (
        select(Report.id)
        .join(Case, Case.id == Report.case_id)
        .where(getattr(Case, key_of(subject)) == subject.id, Report.reporter_id.is_(None))
        .where(Report.reason == reason)
    )
    if db.session.scalar(before.limit(1)) is None:
        sound(subject, None, reason, "")


def words_in(text: str) -> list[str]:
    """Return the watched words that stand in a text as words of their own, whatever the capitals."""
    return [
        word
        for word in site().watched_words
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)
    ]
