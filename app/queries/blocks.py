"""Whom a member mutes or blocks, and who does not want to hear of someone."""

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models import Block, BlockLevel, Content, User


def kept_away(user: User) -> Select[Block]:
    """Select whom `user` mutes or blocks, with the people, by name."""
    return (
        select(Block)
        .join(Block.person)
        .where(Block.user_id == user.id)
        .order_by(func.lower(User.name), User.id)
        .options(joinedload(Block.person))
    )


def level_of(user: User, person: User) -> Select[BlockLevel]:
    """Select how far `user` keeps one person at a distance; nothing for not at all."""
    return select(Block.level).where(Block.user_id == user.id, Block.person_id == person.id)


def unmuted(user: User) -> ColumnElement[bool]:
    """Hold for the pieces of everyone but those whom `user` mutes or blocks: for lists to read.

    Not for search, nor for what moderators and the desk have to look after.
    """
    muted = select(Block.person_id).where(Block.user_id == user.id)
    return Content.author_id.not_in(muted)


def wants_no_news_of(actor_id: ColumnElement[int]) -> Select[int]:
    """Select the ids of those who mute or block a member."""
    return select(Block.user_id).where(Block.person_id == actor_id)


def hears_of(user_id: int, actor: User) -> bool:
    """Tell whether a member wants to hear what another does."""
    away = exists().where(Block.user_id == user_id, Block.person_id == actor.id)
    return not db.session.scalar(select(away))
