"""Rows of lists as parts of pages, which readers share: what a row says, and nothing else of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from flask import Flask
from flask_babel import get_locale

from app.lib.branches import grow
from app.lib.clock import now
from app.templating import ago_at, badges_of

STATES = ("held_at", "hidden_at", "withdrawn_at", "pinned_until", "locked_at", "answer_id")
"""Without any of these a piece has no badge."""


class Line(NamedTuple):
    """What one line of a list says of a piece; it is what its part is kept by."""

    id: int
    kind: str
    slug: str
    title: str
    excerpt: str | None
    replies: int | None
    is_question: bool | None
    author_name: str
    theme_name: str | None
    theme_slug: str | None
    group_name: str | None
    group_slug: str | None
    badges: tuple[str, ...]
    moment: datetime
    moment_of: str
    """Of what the moment is: "asked", "reply", or nothing for what happened last."""
    ago: str


def lines_of(
    items: Iterable[Any], overdue: datetime | None = None, first: Iterable[Any] = ()
) -> tuple[Line, ...]:
    """Return what a list says of its rows (queries.listing.listed).

    With `overdue` it tells when each was asked; what is older than that stands out.
    """
    present, language = now(), get_locale().language
    both = (item for part in (first, items) for item in part)
    return tuple(line_of(item, overdue, present, language) for item in both)


def line_of(item: Any, overdue: datetime | None, present: datetime, language: str) -> Line:
    """Return what one line says at present."""
    moment_of, moment = "", item.last_active_at
    if overdue:
        moment_of, moment = "asked", item.published_at
    elif item.last_comment_at:
        moment_of, moment = "reply", item.last_comment_at
    return Line(
        item.id, item.kind, item.slug, item.title,
        None if item.withdrawn_at else item.summary,
        item.comment_count if item.kind == "discussion" else None,
        item.is_question, item.author_name,
        item.theme_name, item.theme_slug, item.group_name, item.group_slug,
        badges(item, late=overdue is not None and item.published_at <= overdue),
        moment, moment_of, ago_at(moment, present, language),
    )  # fmt: skip


def badges(item: Any, *, late: bool) -> tuple[str, ...]:
    """Return the states of a piece at this moment."""
    some = any(getattr(item, name) for name in STATES)
    found = tuple(badges_of(item)) if some else ()
    return (*found, "unanswered") if late else found


def init_app(app: Flask) -> None:
    """Hand these to Jinja."""
    app.jinja_env.globals.update(grow=grow, lines_of=lines_of)
