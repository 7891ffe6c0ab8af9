"""Texts to begin a piece with: what ships with Kring (app/beginnings), and what the manager made of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.lib import front_matter
from app.models import Template, Theme
from app.site import site

FOLDER = Path(__file__).parents[1] / "beginnings"
KEYS = ("protocol", "standaard", "werkwijze", "vraag-met-context", "ervaring-delen")
ROOMS = {"wikis": _l("Wiki pages"), "discussions": _l("Discussions")}
"""The rooms in which one can begin with a text."""


@dataclass(frozen=True)
class Shipped:
    """A text that ships with Kring."""

    key: str
    folder: str
    name: str
    description: str
    body: str


@dataclass(frozen=True)
class Beginning:
    """A text to begin with, as it is now. `key` is its address: its own key, or the id of its row."""

    key: str
    folder: str
    name: str
    description: str
    body: str
    position: int
    theme: Theme | None = None
    archived: bool = False
    shipped: bool = False
    changed: bool = False


@cache
def shipped() -> dict[str, Shipped]:
    """Return the texts that ship with Kring, in their order."""
    return {key: read(key) for key in KEYS}


def read(key: str) -> Shipped:
    """Read one text that ships with Kring."""
    header, body = front_matter.split((FOLDER / f"{key}.md").read_text(encoding="utf-8"))
    facts = yaml.safe_load(header)
    return Shipped(key, facts["folder"], facts["title"], facts["description"], body.strip())


def beginnings(*, archived: bool = False) -> list[Beginning]:
    """Return the texts of the rooms that are open, in their order; those in the archive if asked."""
    rows = db.session.scalars(select(Template).options(joinedload(Template.theme))).all()
    kept = {row.key for row in rows}
    found = [beginning_of(row) for row in rows]
    for number, text in enumerate(shipped().values()):
        if text.key not in kept:
            found.append(unchanged(text, number))
    open_rooms = [room for room in ROOMS if room not in site().modules_off]
    here = [b for b in found if b.folder in open_rooms and (archived or not b.archived)]
    return sorted(here, key=lambda b: (open_rooms.index(b.folder), b.position, b.name, b.key))


def beginning_of(row: Template) -> Beginning:
    """Return what a row says."""
    first = shipped().get(row.key or "")
    changed = first is not None and texts(row) != texts(first)
    return Beginning(
        row.key or str(row.id), row.folder, row.name, row.description, row.body, row.position,
        theme=row.theme, archived=row.archived_at is not None, shipped=first is not None,
        changed=changed,
    )  # fmt: skip


def unchanged(text: Shipped, position: int) -> Beginning:
    """Return a text as it ships."""
    return Beginning(
        text.key, text.folder, text.name, text.description, text.body, position, shipped=True
    )


def texts(subject: Template | Shipped) -> tuple[str, str, str]:
    """Return the words of a text: what restoring puts back."""
    return subject.name, subject.description, subject.body


def offered(folder: str, theme: Theme | None = None) -> Sequence[Beginning]:
    """Return what one can begin with in a room: what is for all themes, and for this one.

    Without a theme, because it is still to be chosen, those of all themes.
    """
    return [
        each
        for each in beginnings()
        if each.folder == folder and (theme is None or each.theme in (None, theme))
    ]


def named(key: str) -> Beginning | None:
    """Return one text, in the archive or not; None for a key that there is not."""
    return next((each for each in beginnings(archived=True) if each.key == key), None)
