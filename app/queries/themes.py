"""Themes, and the people who know them."""

from typing import Any

from sqlalchemy import Select, func, select

from app.models import Content, Grant, Status, Theme, User
from app.policy import visible_to


def themes() -> Select[Theme]:
    """Select the themes in use, in their order."""
    return select(Theme).where(Theme.archived_at.is_(None)).order_by(Theme.position, Theme.name)


def specialists(theme: Theme) -> Select[User]:
    """Select the theme specialists of a theme, by name."""
    knows = select(Grant.user_id).where(Grant.theme_id == theme.id)
    active = User.deactivated_at.is_(None)
    return select(User).where(active, User.id.in_(knows)).order_by(User.name, User.id)


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
