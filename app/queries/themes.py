"""Themes, the people who know them, and keywords that a reader may know of."""

from typing import Any

from sqlalchemy import Select, func, select

from app.models import Content, Grant, Status, Tag, Theme, User, content_tags
from app.policy import visible_to


def themes() -> Select[Theme]:
    """Select the themes in use, in their order."""
    return select(Theme).where(Theme.archived_at.is_(None)).order_by(Theme.position, Theme.name)


def specialists(theme: Theme) -> Select[User]:
    """Select the theme specialists of a theme, by name."""
    knows = select(Grant.user_id).where(Grant.theme_id == theme.id)
    active = User.deactivated_at.is_(None)
    return select(User).where(active, User.id.in_(knows)).order_by(User.name, User.id)


def tag_known_to(user: Any, slug: str) -> Select[Tag]:
    """Select a keyword, if there is a piece with it that `user` can read: others stay secret."""
    carries = (
        select(content_tags.c.tag_id)
        .join(Content, Content.id == content_tags.c.content_id)
        .where(content_tags.c.tag_id == Tag.id, visible_to(user))
    )
    return select(Tag).where(Tag.slug == slug, carries.exists())


def pages_in(theme: Theme, user: Any) -> Select[int]:
    """Select how many wiki pages of a theme `user` can read."""
    return (
        select(func.count())
        .select_from(Content)
        .where(
            Content.kind == "wiki",
            Content.theme_id == theme.id,
            Content.status == Status.PUBLISHED,
            visible_to(user),
        )
    )
