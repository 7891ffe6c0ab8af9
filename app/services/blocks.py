"""Keeping another member at a distance; they never notice."""

from app.models import Block, BlockLevel, User
from app.services.reactions import put, take_away


def keep_away(user: User, person: User, level: BlockLevel | None) -> None:
    """Let `user` mute or block a person, or with None no longer."""
    if level is None:
        take_away(Block, user_id=user.id, person_id=person.id)
    else:
        put(Block, {"level": level}, user_id=user.id, person_id=person.id)
