"""What a member follows, and what is new of it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, and_, exists, func, select, union_all

from app.models import (
    BlockLevel,
    Content,
    Follow,
    FollowLevel,
    PersonFollow,
    Theme,
    ThemeFollow,
    ThemeLevel,
    User,
)
from app.queries.blocks import level_of, unmuted
from app.queries.listing import Order, Rows, listed

BY_FOLLOW = Order(Follow.created_at, "followed_at")


def news(user: Any, themes: Sequence[Any], most: int) -> Rows:
    """Select the newest pieces by people whom `user` follows or in these themes, not their own.

    By theme, because each list is then read in the order of its index: themes are large.
    """
    people = select(PersonFollow.person_id).where(PersonFollow.user_id == user.id)
    places = [Content.author_id.in_(people), *(Content.theme_id == key for key in themes)]
    found = [
        select(newest_first(shown(user).where(place)).limit(most).subquery().c.id)
        for place in places
    ]
    return newest_first(listed(user).where(Content.id.in_(union_all(*found)))).limit(most)


def shown(user: Any) -> Rows:
    """Select the ids of what `user` can hear of, but for what they themselves wrote."""
    silenced = select(Follow.content_id).where(
        Follow.user_id == user.id, Follow.level == FollowLevel.NOTHING
    )
    found = listed(user).where(
        Content.id.not_in(silenced),
        Content.author_id != user.id,
        unmuted(user),
        Content.hidden_at.is_(None),
        Content.withdrawn_at.is_(None),
    )
    return found.with_only_columns(Content.id)


def newest_first(found: Rows) -> Rows:
    """Sort pieces by when they were published."""
    return found.order_by(Content.published_at.desc(), Content.id.desc())


def people_followed(user: User) -> Select[User]:
    """Select the people whom `user` follows and who are still here, by name."""
    followed = select(PersonFollow.person_id).where(PersonFollow.user_id == user.id)
    return (
        select(User)
        .where(User.id.in_(followed), User.deactivated_at.is_(None))
        .order_by(func.lower(User.name), User.id)
    )


def themes_followed(user: User) -> Select[Theme, ThemeLevel]:
    """Select the themes that `user` follows, in their order, with of what they hear."""
    own = and_(ThemeFollow.theme_id == Theme.id, ThemeFollow.user_id == user.id)
    return (
        select(Theme, ThemeFollow.level)
        .join(ThemeFollow, own)
        .where(Theme.archived_at.is_(None))
        .order_by(Theme.position, Theme.name)
    )


def pieces_followed(user: User) -> Rows:
    """Select the pieces that `user` follows or wants no news of, as rows for a list."""
    own = and_(Follow.content_id == Content.id, Follow.user_id == user.id)
    return (
        listed(user)
        .join(Follow, own)
        .add_columns(Follow.level.label("level"), Follow.created_at.label("followed_at"))
    )


def ties_to(person: User, user: User) -> Select[bool, BlockLevel | None]:
    """Select whether `user` follows a person, and how far they keep them at a distance."""
    follows = exists().where(PersonFollow.user_id == user.id, PersonFollow.person_id == person.id)
    return select(follows, level_of(user, person).scalar_subquery())


def follows_of(theme: Theme, user: User) -> Select[ThemeLevel | None, int]:
    """Select how `user` follows a theme, None for not, and how many do who are still here."""
    own = select(ThemeFollow.level).where(
        ThemeFollow.user_id == user.id, ThemeFollow.theme_id == theme.id
    )
    mine = own.correlate(None).scalar_subquery()
    return (
        select(mine, func.count())
        .select_from(ThemeFollow)
        .join(User, User.id == ThemeFollow.user_id)
        .where(ThemeFollow.theme_id == theme.id, User.deactivated_at.is_(None))
    )
