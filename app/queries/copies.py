"""Pieces of which someone may make a copy to begin a new one with."""

from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.extensions import db
from app.models import Content, User
from app.policy import openings_shown_to, visible_to

LARGEST = 2**31
Piece = TypeVar("Piece", bound=Content)


def copied(reader: User, model: type[Piece], key: int | None) -> Piece | None:
    """Return the piece of which `reader` makes a copy: its text must be theirs to read."""
    if key is None or not 0 < key < LARGEST:
        return None
    return db.session.scalar(
        select(model)
        .where(model.id == key, visible_to(reader), openings_shown_to(reader))
        .options(joinedload(model.theme), joinedload(model.group), selectinload(model.tags))
    )
