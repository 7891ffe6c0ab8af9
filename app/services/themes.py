"""Themes are added, renamed, put in order, archived and merged here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, insert, literal, select, update

from app.extensions import db
from app.lib.clock import now
from app.lib.slugs import slugify
from app.models import (
    Content,
    HelpRequest,
    Proposal,
    Template,
    Theme,
    ThemeAlias,
    ThemeFollow,
    User,
    WikiPage,
)
from app.services import activity, roles, search_index
from app.services.activity import Verb

WHOLE = {"synchronize_session": False}


class NameTaken(Exception):
    """Another theme is called so."""


class SameTheme(Exception):
    """A theme cannot be merged into itself."""


def add(name: str, description: str, actor: User) -> Theme:
    """Add a theme, last in order. Raises NameTaken."""
    everyone = hold()
    check_free(name, everyone)
    last = max((theme.position for theme in everyone), default=-1)
    theme = Theme(name=name, description=description, position=last + 1)
    theme.slug = free_slug(name, everyone)
    db.session.add(theme)
    search_index.index(theme)
    activity.log(Verb.THEME_ADDED, theme, actor)
    return theme


@dataclass(frozen=True)
class Care:
    """How the wiki of a theme is kept; after so many months (0: never) someone checks a page.

    `premoderated`: what members write in the discussions of the theme waits for a moderator.
    """

    four_eyes: bool
    review_months: int
    premoderated: bool = False


def change(
    theme: Theme, name: str, description: str, actor: User, care: Care | None = None
) -> None:
    """Rename a theme, or tell otherwise what it is about; its old address leads on. Raises NameTaken.

    With `care`, say how its wiki is kept: pages stay what they are.
    """
    others = [each for each in hold() if each.id != theme.id]
    check_free(name, others)
    if care:
        take_care(theme, care, actor)
    if (theme.name, theme.description) == (name, description):
        return
    result = f"{theme.name} → {name}" if theme.name != name else ""
    if theme.name != name:
        former = theme.slug
        theme.slug = free_slug(name, others)
        lead_on(former, theme)
    theme.name, theme.description = name, description
    search_index.index(theme)
    activity.log(Verb.THEME_CHANGED, theme, actor, result=result)


def take_care(theme: Theme, care: Care, actor: User) -> None:
    """Say how a theme is kept; each change is logged with old and new."""
    for name in ("four_eyes", "review_months", "premoderated"):
        old, new = getattr(theme, name), getattr(care, name)
        if old != new:
            setattr(theme, name, new)
            result = f"{name}: {int(old)} → {int(new)}"
            activity.log(Verb.THEME_CHANGED, theme, actor, result=result)


def move(theme: Theme, places: int) -> None:
    """Move a theme so many places on in the order, or back when negative; the ends hold it."""
    order = sorted(hold(), key=lambda each: (each.position, each.name, each.id))
    here = next(number for number, each in enumerate(order) if each.id == theme.id)
    order.insert(max(0, min(here + places, len(order) - 1)), order.pop(here))
    for number, each in enumerate(order):
        each.position = number


def archive(theme: Theme, actor: User) -> None:
    """Take a theme out of use: its pieces stay readable, new ones choose another."""
    if theme.archived_at is None:
        theme.archived_at = now()
        activity.log(Verb.THEME_ARCHIVED, theme, actor)


def restore(theme: Theme, actor: User) -> None:
    """Take a theme into use again."""
    if theme.archived_at is not None:
        theme.archived_at = None
        activity.log(Verb.THEME_RESTORED, theme, actor)


def merge(theme: Theme, into: Theme, actor: User) -> None:
    """Move all that belongs to a theme into another one, and take the theme away.

    Its address leads on. Raises SameTheme, and roles.MayNotGrant when someone would become
    specialist of more than now whom `actor` may not make one.
    """
    hold()
    if theme.id == into.id:
        raise SameTheme
    roles.merge_specialists(theme, into, actor)
    activity.log(Verb.THEME_MERGED, theme, actor, result=f"{theme.name} → {into.name}")
    move_followers(theme, into)
    move_pieces(theme, into)
    move_address(theme, into)
    db.session.delete(theme)
    db.session.flush()


def hold() -> list[Theme]:
    """Return all themes; changes to them, and to their wikis, wait for each other."""
    return list(db.session.scalars(select(Theme).order_by(Theme.id).with_for_update()))


def check_free(name: str, others: Sequence[Theme]) -> None:
    """Raise NameTaken when another theme has this name, whatever its capitals."""
    if any(theme.name.casefold() == name.casefold() for theme in others):
        raise NameTaken(name)


def free_slug(name: str, others: Sequence[Theme]) -> str:
    """Return an address for this name that no other theme has; one of before gives way."""
    taken = {theme.slug for theme in others}
    wanted = slugify(name, max_length=110)
    numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    slug = next(each for each in (wanted, *numbered) if each not in taken)
    db.session.execute(delete(ThemeAlias).where(ThemeAlias.slug == slug))
    return slug


def lead_on(slug: str, theme: Theme) -> None:
    """Let an address of before lead to a theme."""
    if slug != theme.slug:
        db.session.execute(delete(ThemeAlias).where(ThemeAlias.slug == slug))
        db.session.add(ThemeAlias(slug=slug, theme_id=theme.id))


def move_followers(theme: Theme, into: Theme) -> None:
    """Let who follows a theme follow another, each once."""
    already = select(ThemeFollow.user_id).where(ThemeFollow.theme_id == into.id)
    coming = select(
        ThemeFollow.user_id, literal(into.id), ThemeFollow.level, ThemeFollow.created_at
    ).where(ThemeFollow.theme_id == theme.id, ThemeFollow.user_id.not_in(already))
    columns = ["user_id", "theme_id", "level", "created_at"]
    db.session.execute(insert(ThemeFollow).from_select(columns, coming))
    db.session.execute(delete(ThemeFollow).where(ThemeFollow.theme_id == theme.id))


def move_pieces(theme: Theme, into: Theme) -> None:
    """Put all pieces of a theme in another; its wiki comes below what stands there."""
    on_top = func.max(WikiPage.position)
    last = db.session.scalar(select(on_top).where(WikiPage.theme_id == into.id)) or 0
    mine = select(Content.id).where(Content.theme_id == theme.id)
    # The two wikis may have come from files of the same name: an import goes on with those here.
    files = select(WikiPage.source_path).where(
        WikiPage.theme_id == into.id, WikiPage.source_path.is_not(None)
    )
    pages: Any = WikiPage.__table__
    doubled = pages.c.id.in_(mine) & pages.c.source_path.in_(files)
    top = pages.c.id.in_(mine) & pages.c.parent_id.is_(None)
    db.session.execute(update(pages).where(doubled).values(source_path=None))
    db.session.execute(update(pages).where(top).values(position=pages.c.position + last + 1))
    for table in (Content, HelpRequest, Proposal, Template):
        moving = update(table).where(table.theme_id == theme.id).values(theme_id=into.id)
        db.session.execute(moving.execution_options(**WHOLE))
    db.session.expire_all()


def move_address(theme: Theme, into: Theme) -> None:
    """Let the addresses that a theme has, and had, lead to another."""
    former = update(ThemeAlias).where(ThemeAlias.theme_id == theme.id).values(theme_id=into.id)
    db.session.execute(former.execution_options(**WHOLE))
    lead_on(theme.slug, into)
    db.session.flush()
