"""The index of search made anew while the site runs: after an upgrade by itself, or on request.

A few hundred texts in each transaction; how far it is stands in the database, so that whoever goes
on, a job or a command, goes on there.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select

from app.extensions import db
from app.models import (
    Attachment,
    Comment,
    Content,
    Group,
    SearchDocument,
    Setting,
    Tag,
    Theme,
    User,
)
from app.queries import pages
from app.services import search_index, searches
from app.services.search_entries import COLUMNS, Entry, of_reply_row

VERSION = 2
"""Of what is kept of a text: another number makes every index anew."""
STATE = "search_index"
BATCH = 400
PAUSE = 0.005
"""Seconds in which others can write, between two batches."""
STEPS: tuple[type[Any], ...] = (Group, Theme, Tag, User, Content, Attachment, Comment)


@dataclass(frozen=True)
class Progress:
    """How far it is: `step` counts through STEPS, `after` is the last id done there."""

    step: int = 0
    after: int = 0

    @property
    def is_done(self) -> bool:
        """Tell whether everything can be found."""
        return self.step >= len(STEPS)


def progress(*, lock: bool = False) -> Progress:
    """Return how far the index is; at the start when there is none of this version."""
    kept = select(Setting).where(Setting.key == STATE)
    row = db.session.scalar(kept.with_for_update() if lock else kept)
    if row is None or row.value.get("version") != VERSION:
        return Progress()
    return Progress(row.value["step"], row.value["after"])


def keep(here: Progress) -> None:
    """Write down how far it is."""
    value = {"version": VERSION, "step": here.step, "after": here.after}
    db.session.merge(Setting(key=STATE, value=value))


def start_again() -> None:
    """Let everything be indexed anew."""
    keep(Progress())
    db.session.commit()


def total() -> int:
    """Return how many things there are to index."""
    counts = [select(func.count(model.id)).scalar_subquery() for model in STEPS]
    return sum(db.session.execute(select(*counts)).one())


def nothing(_number: int) -> None:
    """Show nobody how far it is."""


def rebuild(seconds: float = float("inf"), advance: Callable[[int], object] = nothing) -> bool:
    """Go on for so long, or until it is done, and tell whether it is.

    `advance` hears how many more things were indexed. The work of taking texts apart is done
    between two transactions, while others can write.
    """
    until = time.monotonic() + seconds
    known: set[str] = set()
    while True:
        here = progress()
        if here.is_done or time.monotonic() > until:
            db.session.rollback()
            return here.is_done
        found = batch_at(here)
        db.session.rollback()
        ready = {entry: search_index.row_of(entry) for entry in found.entries}
        fresh = search_index.words_for_all(found.entries) - known
        if progress(lock=True) == here:
            number = one_batch(here, ready, fresh)
            known |= fresh
            db.session.commit()
            advance(number)
        db.session.rollback()
        db.session.expunge_all()
        time.sleep(PAUSE)


@dataclass(frozen=True)
class Found:
    """The next things of one kind: how many, the last id (None at the end), and their texts."""

    number: int
    last: int | None
    entries: list[Entry]


def batch_at(here: Progress, *, lock: bool = False) -> Found:
    """Read the next things; with `lock` nobody changes them until they are indexed."""
    model = STEPS[here.step]
    found = next_of(model, here.after)
    rows: Sequence[Any]
    if model is Comment:
        found = found.with_for_update(read=True, of=Comment) if lock else found
        rows = db.session.execute(found).all()
        entries = [of_reply_row(row) for row in rows if row.held_at is None]
    else:
        found = found.with_for_update(read=True, of=model) if lock else found
        rows = db.session.scalars(found.execution_options(populate_existing=True)).all()
        entries = search_index.entries(rows)
    if model is Group:
        entries += search_index.entries([pages.current(name) for name in pages.NAMES])
    return Found(len(rows), rows[-1].id if len(rows) == BATCH else None, entries)


def one_batch(here: Progress, ready: Mapping[Entry, search_index.Row], fresh: Iterable[str]) -> int:
    """Index the next things of one kind; return how many.

    They are read again: whoever changed a text since its words were made ready is not undone.
    """
    model = STEPS[here.step]
    found = batch_at(here, lock=True)
    clear(COLUMNS[model], here.after, found.last)
    if model is Group:
        clear("page", None, None)
    search_index.add(found.entries, ready)
    searches.add_words(fresh)
    keep(Progress(here.step + 1) if found.last is None else Progress(here.step, found.last))
    return found.number


def next_of(model: type[Any], after: int) -> Any:
    """Select the next things of a kind: replies, of which there are most, as rows."""
    found = select(model)
    if model is Comment:
        found = select(
            Comment.id, Comment.created_at, Comment.body_html, Comment.held_at, Comment.author_id,
            Comment.content_id, Content.group_id,
        ).join(Content, Content.id == Comment.content_id)  # fmt: skip
    return found.where(model.id > after).order_by(model.id).limit(BATCH)


def clear(column: str, after: Any, last: Any) -> None:
    """Forget the documents of subjects with ids in this range, also of what is gone."""
    key = getattr(SearchDocument, column)
    gone = delete(SearchDocument).where(key.is_not(None))
    if after is not None:
        gone = gone.where(key > after)
    if last is not None:
        gone = gone.where(key <= last)
    db.session.execute(gone.execution_options(synchronize_session=False))


def go_on() -> None:
    """Go on for part of a minute, from a job: other jobs have their turn in between."""
    if not progress().is_done:
        db.session.rollback()
        rebuild(seconds=40)
    db.session.rollback()
