"""Pieces of which someone may make a copy to begin a new one with."""

from typing import TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.extensions import db
from app.models import Content, User
from app.policy import visible_to

LARGEST = 2**31
Piece = TypeVar("Piece", bound=Content)


def copied(reader: User, model: type[Piece], key: int | None) -> Piece | None:
    """Return the piece of which `reader` makes a copy: its text must be theirs to read."""
    if key is None or not 0 < key < LARGEST:
        return None
    own_or_there = or_(model.withdrawn_at.is_(None), model.author_id == reader.id)
    return db.session.scalar(
        select(model)
        .where(model.id == key, visible_to(reader), own_or_there)
        .options(joinedload(model.theme), joinedload(model.group), selectinload(model.tags))
    )
