"""Themes, and the people who know them."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, bindparam, exists, func, or_, select

from app.models import Content, Grant, Status, Theme, ThemeAlias, ThemeFollow, User
from app.models.unattached import Part, Prepared
from app.policy import visible_to


def themes() -> Select[Theme]:
    """Select the themes in use, in their order."""
    return select(Theme).where(Theme.archived_at.is_(None)).order_by(Theme.position, Theme.name)


PART = Part(Theme)
IN_ORDER = select(*PART.columns).order_by(Theme.position, Theme.name)
IN_USE = Prepared(IN_ORDER.where(Theme.archived_at.is_(None)))
FOLLOWS = exists().where(
    ThemeFollow.theme_id == Theme.id, ThemeFollow.user_id == bindparam("reader")
)
WITH_FOLLOWS = Prepared(IN_ORDER.add_columns(FOLLOWS))


def themes_in_use() -> Sequence[Theme]:
    """Return the themes in use, in their order, as objects that requests share."""
    return tuple(map(shared, IN_USE.rows()))


def themes_for(user: User) -> tuple[Sequence[Theme], Sequence[int]]:
    """Return the themes in use, and the ids of all themes that `user` follows."""
    found = [(shared(row[:-1]), row[-1]) for row in WITH_FOLLOWS.rows(reader=user.id)]
    in_use = tuple(theme for theme, _follows in found if theme.archived_at is None)
    return in_use, [theme.id for theme, follows in found if follows]


@lru_cache(500)
def shared(values: tuple[Any, ...]) -> Theme:
    """Return the theme that a row tells of."""
    made: Theme = PART.make(values)
    return made


def by_slug(slug: str) -> Select[Theme]:
    """Select the theme with this address, or that had it before."""
    former = select(ThemeAlias.theme_id).where(ThemeAlias.slug == slug)
    found = select(Theme).where(or_(Theme.slug == slug, Theme.id.in_(former)))
    return found.order_by(Theme.slug != slug).limit(1)


def kept_themes(user: Any) -> Select[Theme, int, int, int]:
    """Select all themes in their order, each with three numbers.

    How many pieces `user` can read, how many specialists there are, and how many followers.
    """

    def number(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
        return select(func.count()).where(*conditions).correlate(Theme).scalar_subquery()

    return select(
        Theme,
        number(Content.theme_id == Theme.id, Content.status == Status.PUBLISHED, visible_to(user)),
        number(Grant.theme_id == Theme.id),
        number(ThemeFollow.theme_id == Theme.id),
    ).order_by(Theme.position, Theme.name, Theme.id)


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
