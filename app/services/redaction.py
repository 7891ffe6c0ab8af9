"""Personal data blacked out: in all versions of a text, and in what was made of it.

What the log holds stays: nobody can change that. Mail that has left is out of reach. A backup of before
still holds the words; after it is restored, they are blacked out again.
"""

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import escape
from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import joinedload

from app.extensions import after_commit, db
from app.lib.blackout import Trace, known_again, pattern_of, trace_of
from app.lib.markdown import MarkdownRefused
from app.lib.slugs import slugify
from app.models import (
    Appeal,
    Attachment,
    Case,
    CaseEvent,
    Comment,
    Content,
    Decision,
    Doubt,
    Draft,
    Helped,
    Image,
    ImageUse,
    LogEntry,
    Notification,
    OutgoingMail,
    Proposal,
    Report,
    Revision,
    User,
    WikiPage,
)
from app.services import activity, comments, search_index, text
from app.services.activity import Grounds, Verb

Text = Content | Comment
TRACES = "redactions.jsonl"
# Dead rows of these are cleared at once on PostgreSQL; SQLite makes its whole file anew.
CLEARED = (
    "content",
    "comments",
    "revisions",
    "drafts",
    "proposals",
    "notifications",
    "search_index",
    "search_words",
    "search_terms",
)


@dataclass(frozen=True)
class Place:
    """Rows of one kind that may hold the words, and in which of their columns."""

    name: str
    rows: Select[Any]
    columns: tuple[str, ...]


def find(subject: Text, words: str) -> Counter[str]:
    """Count how often the words stand in a text and in what was made of it, by the kind of place."""
    wanted = pattern_of(words)
    found: Counter[str] = Counter()
    for place in places(subject):
        for row in db.session.scalars(place.rows):
            for column in place.columns:
                found[place.name] += len(wanted.findall(as_text(getattr(row, column))))
    return +found


def redact(
    subject: Text, words: str, actor: User | None, reason: str,
    grounds: Grounds = activity.NO_GROUNDS,
) -> int:  # fmt: skip
    """Put a mark in place of the words wherever `find` finds them; return how often.

    A text that changed gets a version, so that whoever has it open does not bring the words back
    unseen. The author is told, and the log says that it happened, not what it was. Without an actor
    it is done again, after an old backup was restored.
    """
    if actor is not None:
        remember(subject, words)
    wanted, mark = pattern_of(words), mark_of()
    number = 0
    changed: list[Text] = []
    for place in places(subject):
        for row in db.session.scalars(place.rows).all():
            times = blacken(row, place.columns, wanted, mark)
            number += times
            if times and isinstance(row, Content | Comment):
                changed.append(row)
    for each in changed:
        store(each, actor)
    search_index.redacted(changed, subject, words)
    if actor is None:
        activity.log(Verb.REDACTED, subject, None, reason=reason, result=str(number))
    else:
        activity.record(
            Verb.REDACTED, subject, actor, reason=reason, result=str(number), grounds=grounds
        )
    after_commit(current_app.extensions["compact"])
    return number


def mark_of() -> str:
    """Return what takes the place of the words, in the language of the community."""
    with force_locale(current_app.config["BABEL_DEFAULT_LOCALE"]):
        return str(_("[made unreadable]"))


def as_text(value: Any) -> str:
    """Return what a column holds as one text; a draft holds the fields of a form."""
    if isinstance(value, dict):
        return "\n".join(str(each) for each in value.values())
    return value or ""


def blacken(row: Any, columns: tuple[str, ...], wanted: re.Pattern[str], mark: str) -> int:
    """Put the mark into a row in place of the words; return how often."""
    number = 0
    for column in columns:
        value = getattr(row, column)
        times = len(wanted.findall(as_text(value)))
        if not times:
            continue
        number += times
        if isinstance(value, dict):
            fresh: Any = {
                key: wanted.sub(mark, each) if isinstance(each, str) else each
                for key, each in value.items()
            }
        else:
            fresh = wanted.sub(mark, value)[: getattr(type(row), column).type.length]
        setattr(row, column, fresh)
    return number


def store(changed: Text, actor: User | None) -> None:
    """Render a text that was changed, and keep it as a version."""
    note, author_id = mark_of(), actor.id if actor else changed.author_id
    if isinstance(changed, Comment):
        if changed.version == 1:
            comments.keep(changed, changed.author_id)
        changed.version += 1
        comments.keep(changed, author_id, note)
    else:
        changed.slug = slugify(changed.title)
        changed.version += 1
        db.session.add(
            Revision(
                content_id=changed.id, number=changed.version, title=changed.title,
                body=changed.body, author_id=author_id, note=note,
            )
        )  # fmt: skip
    try:
        if isinstance(changed, Comment):
            text.render_comment(changed, changed.content)
        else:
            text.render_content(changed)
    except MarkdownRefused:  # What older limits let through must lose the words in its HTML too.
        changed.body_html = f"<pre>{escape(changed.body)}</pre>"
    if isinstance(changed, WikiPage):
        text.page_changed(changed)


def places(subject: Text) -> Iterator[Place]:
    """Yield where a text, and what was made of it, is kept; of a piece with all its replies."""
    if isinstance(subject, Comment):
        replies = Comment.id == subject.id
        in_content: ColumnElement[bool] | None = None
    else:
        replies = Comment.content_id == subject.id
        in_content = Content.id == subject.id
        columns = ("title", "body", "hidden_reason", "locked_reason")
        yield Place("text", select(Content).where(in_content), columns)
    keys = select(Comment.id).where(replies)

    def about(model: Any) -> ColumnElement[bool]:
        to_reply: ColumnElement[bool] = model.comment_id.in_(keys)
        return to_reply if in_content is None else or_(model.content_id == subject.id, to_reply)

    yield Place("replies", select(Comment).where(replies), ("body", "hidden_reason"))
    yield Place("versions", select(Revision).where(about(Revision)), ("title", "body", "note"))
    yield from around(subject, keys, about)


def around(subject: Text, keys: Any, about: Any) -> Iterator[Place]:
    """Yield where other words about a text are kept."""
    yield Place("remarks", select(Helped).where(about(Helped)), ("line",))
    cases = select(Case.id).where(about(Case))
    yield Place("remarks", select(Case).where(Case.id.in_(cases)), ("outcome",))
    yield Place("remarks", select(Report).where(Report.case_id.in_(cases)), ("note",))
    steps = select(CaseEvent).where(CaseEvent.case_id.in_(cases))
    yield Place("remarks", steps, ("text",))
    decided = select(Decision).where(about(Decision))
    yield Place("remarks", decided, ("label", "reason"))
    objections = select(Appeal).join(Appeal.decision).where(about(Decision))
    yield Place("remarks", objections, ("body", "reason"))
    yield Place("messages", select(Notification).where(about(Notification)), ("message",))
    yield Place("files", select(Attachment).where(about(Attachment)), ("title", "filename"))
    shown = select(ImageUse.image_id).where(about(ImageUse))
    yield Place("files", select(Image).where(Image.id.in_(shown)), ("alt", "filename"))
    recorded: ColumnElement[bool] = Proposal.source_comment_id.in_(keys)
    if isinstance(subject, Content):
        recorded = or_(recorded, Proposal.source_id == subject.id, Proposal.page_id == subject.id)
        yield Place(
            "drafts", select(Draft).where(Draft.content_id == subject.id), ("title", "fields")
        )
        of_page = select(Doubt).where(Doubt.page_id == subject.id)
        yield Place("remarks", of_page, ("line", "answer"))
    proposal = ("title", "body", "note", "reason")
    yield Place("proposals", select(Proposal).where(recorded), proposal)
    since = OutgoingMail.created_at >= subject.created_at
    yield Place("mails", select(OutgoingMail).where(since), ("subject", "body"))


def in_log(words: str) -> int:
    """Count the rows of the log that hold the words: they stay."""
    wanted = pattern_of(words)
    columns = select(LogEntry.subject_label, LogEntry.reason, LogEntry.result)
    rows = db.session.execute(columns.execution_options(yield_per=1000))
    return sum(any(wanted.search(part) for part in row) for row in rows)


def remember(subject: Text, words: str) -> None:
    """Keep a trace of words outside the database, for after the restore of an older backup."""
    trace = trace_of(words, key())
    kind = "comment" if isinstance(subject, Comment) else "content"
    line = json.dumps({"kind": kind, "id": subject.id, **asdict(trace)})
    descriptor = os.open(traces(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "a") as file:
        file.write(f"{line}\n")
        file.flush()
        os.fsync(file.fileno())


def key() -> bytes:
    """Return the key of the traces: without it a short number could be guessed from its trace."""
    return str(current_app.config["SECRET_KEY"]).encode()


def traces() -> Path:
    """Return the file that holds a line for all that was ever blacked out."""
    instance: Path = current_app.config["INSTANCE"]
    return instance / TRACES


def redact_again(reason: str) -> int:
    """Black out once more what was blacked out before; return in how many places it had come back."""
    number = 0
    lines = traces().read_text().splitlines() if traces().exists() else []
    for line in dict.fromkeys(lines):
        values = json.loads(line)
        model: type[Text] = Comment if values.pop("kind") == "comment" else Content
        subject = db.session.scalar(with_piece(model, values.pop("id")))
        for words in returned(subject, Trace(**values)) if subject else ():
            number += redact(subject, words, None, reason)
    return number


def with_piece(model: type[Text], subject_id: int) -> Select[Any]:
    """Select a piece, or a reply with its piece."""
    found = select(model).where(model.id == subject_id)
    return found.options(joinedload(Comment.content)) if model is Comment else found


def returned(subject: Text, trace: Trace) -> set[str]:
    """Return the words of a trace that stand in a text, or in what was made of it."""
    found: set[str] = set()
    for place in places(subject):
        for row in db.session.scalars(place.rows):
            for column in place.columns:
                found |= known_again(as_text(getattr(row, column)), trace, key())
    return found


def compact() -> None:
    """Let the database forget what was deleted: what lay in free places is gone after this."""
    db.session.rollback()
    with db.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        if connection.dialect.name == "sqlite":
            # What FTS5 deletes lies in its segments until they are merged.
            driver.execute("INSERT INTO search_index(search_index) VALUES ('optimize')")
            driver.execute("VACUUM")
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            driver.autocommit = True
            driver.execute(f"VACUUM {', '.join(CLEARED)}")
            driver.autocommit = False
