"""The index of search made anew while the site runs: after an upgrade by itself, or on request.

A few hundred texts in each transaction; how far it is stands in the database, so that whoever goes
on, a job or a command, goes on there.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import joinedload, load_only

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
from app.services.search_entries import COLUMNS

VERSION = 1
"""Of what is kept of a text: another number makes every index anew."""
STATE = "search_index"
BATCH = 200
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

    `advance` hears how many more things were indexed.
    """
    until = time.monotonic() + seconds
    known: set[str] = set()
    while True:
        here = progress(lock=True)
        if here.is_done or time.monotonic() > until:
            db.session.rollback()
            return here.is_done
        number = one_batch(here, known)
        db.session.commit()
        db.session.expunge_all()
        advance(number)
        time.sleep(PAUSE)


def one_batch(here: Progress, known: set[str]) -> int:
    """Index the next things of one kind; return how many. `known` are words that are kept already."""
    model = STEPS[here.step]
    rows = db.session.scalars(next_of(model, here.after)).all()
    last = rows[-1].id if len(rows) == BATCH else None
    clear(COLUMNS[model], here.after, last)
    entries = search_index.entries(rows)
    if model is Group:
        standing = [pages.current(name) for name in pages.NAMES]
        clear("page", None, None)
        entries += search_index.entries(standing)
    search_index.add(entries)
    fresh = search_index.words_for_all(entries) - known
    searches.add_words(fresh)
    known |= fresh
    keep(Progress(here.step, last) if last is not None else Progress(here.step + 1))
    return len(rows)


def next_of(model: type[Any], after: int) -> Any:
    """Select the next things of a kind; nobody changes them until they are indexed."""
    found = select(model).where(model.id > after).order_by(model.id).limit(BATCH)
    if model is Comment:
        text = load_only(Comment.created_at, Comment.body_html, Comment.held_at)
        piece = joinedload(Comment.content).load_only(Content.group_id)
        found = found.options(text, piece)
    return found.with_for_update(read=True, of=model)


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
