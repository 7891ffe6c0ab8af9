"""What completes itself while someone types, as far as a reader may know of it.

Letters count from the start of any word, without capitals and accents: "zoe j" finds Zoë de Jong.
Addresses are compared, which are made of the names in just that way.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, literal, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.lib.slugs import UNTITLED, slugify
from app.models import Content, Status, Tag, TagAlias, Theme, User, WikiPage
from app.policy import part_visible_to, visible_to
from app.queries.tags import in_use

MOST = 8
LONGEST = 80
"""Characters that are looked at: longer names than that are not told apart."""


def words_of(typed: str) -> list[str]:
    """Return the beginnings of words that were typed, folded; none when there is no letter in it."""
    folded = slugify(typed[:LONGEST])
    nothing = folded == UNTITLED and UNTITLED not in typed.casefold().replace(" ", "-")
    return [] if nothing else folded.split("-")


def starts(slug: InstrumentedAttribute[str], words: list[str]) -> ColumnElement[bool]:
    """Hold for names of which a word starts with each of these."""
    # A slug has letters, digits and hyphens only: there is nothing to escape.
    parted = literal("-") + slug
    found = (parted.contains(f"-{word}") for word in words)
    return and_(true() if words else false(), *found)


def foremost(slug: InstrumentedAttribute[str], words: list[str]) -> ColumnElement[int]:
    """Put the names first that start with what was typed."""
    return case((slug.startswith("-".join(words)), 0), else_=1)


def people(reader: Any, typed: str) -> Select[int, str, str, str]:
    """Select id, handle, name and job title (where `reader` sees it) of members."""
    words = words_of(typed)
    title = case((part_visible_to("job_title", reader), User.job_title), else_="")
    return (
        select(User.id, User.handle, User.name, title.label("job_title"))
        .where(User.deactivated_at.is_(None), starts(User.handle, words))
        .order_by(foremost(User.handle, words), User.handle)
        .limit(MOST)
    )


def pages(
    reader: Any, linkable: ColumnElement[bool], typed: str
) -> Select[int, str, str | None, bool]:
    """Select id, title and theme of pages that can be linked to, and whether another has that title.

    `linkable` holds for the pages that all readers of a text can open. Of others nothing shows, not
    that they have the same title either.
    """
    words = words_of(typed)
    other = aliased(Content)
    namesake = select(other.id).where(
        other.kind == "wiki",
        other.id != WikiPage.id,
        func.lower(other.title) == func.lower(WikiPage.title),
        other.group_id.is_(None),
        other.status == Status.PUBLISHED,
        other.hidden_at.is_(None),
        other.withdrawn_at.is_(None),
    )
    return (
        select(WikiPage.id, WikiPage.title, Theme.name, namesake.exists().label("ambiguous"))
        .outerjoin(Theme, Theme.id == WikiPage.theme_id)
        .where(linkable, visible_to(reader), starts(WikiPage.slug, words))
        .order_by(foremost(WikiPage.slug, words), WikiPage.slug, WikiPage.id)
        .limit(MOST)
    )


def keywords(reader: Any, typed: str) -> Select[str, str, int]:
    """Select slug, name and number of pieces of keywords that are called so, or were."""
    words = words_of(typed)
    formerly = select(TagAlias.tag_id).where(starts(TagAlias.slug, words))
    return (
        in_use(reader)
        .where(or_(starts(Tag.slug, words), Tag.id.in_(formerly)))
        .order_by(func.count().desc(), Tag.slug)
        .limit(MOST)
    )
