"""Keywords: read from what people type, and kept once each."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.lib.slugs import UNTITLED, slugify
from app.models import Tag, TagAlias, content_tags
from app.services import search_index

MOST = 8
SHORTEST = 2
LONGEST = 60


def split(text: str) -> list[str]:
    """Return the keywords in a comma separated text, each once, in the order of the text."""
    names = [" ".join(part.split()) for part in text.split(",")]
    return list({slug_of(name): name for name in reversed(names) if name}.values())[::-1]


def slug_of(name: str) -> str:
    """Return the form in which keywords are compared: "Schuld hulp" is "schuld-hulp"."""
    return slugify(name, max_length=LONGEST)


def is_possible(name: str) -> bool:
    """Tell whether this can be a keyword: long and short enough, with a letter or a digit."""
    return SHORTEST <= len(name) <= LONGEST and slug_of(name) != UNTITLED


def named(names: Iterable[str]) -> list[Tag]:
    """Return the keywords with these names: those that exist already, and new ones."""
    wanted = {slug_of(name): name for name in names}
    if not wanted:
        return []
    found = by_slug(wanted)
    for slug, name in wanted.items():
        if slug not in found:
            found[slug] = make(slug, name)
    return list(dict.fromkeys(found[slug] for slug in wanted))


def by_slug(slugs: Iterable[str]) -> dict[str, Tag]:
    """Return the keywords by these names, or by names that they had before; kept until commit.

    In this order: a keyword that is merged meanwhile is found by its old name.
    """
    wanted = list(slugs)
    named = select(Tag).where(Tag.slug.in_(wanted))
    found = {tag.slug: tag for tag in db.session.scalars(kept(named))}
    former = select(TagAlias.slug, Tag).join(Tag, Tag.id == TagAlias.tag_id)
    for slug, tag in db.session.execute(kept(former.where(TagAlias.slug.in_(wanted)))):
        found.setdefault(slug, tag)
    return found


def kept(query: Any) -> Any:
    """Let who renames, merges or deletes these keywords wait until this request is done."""
    return query.with_for_update(read=True, key_share=True, of=Tag)


def forget(dropped: Collection[Tag]) -> None:
    """Delete those of these keywords that stand nowhere now: words of a group stay inside it."""
    keys = [tag.id for tag in dropped]
    if not keys:
        return
    db.session.flush()
    db.session.execute(select(Tag.id).where(Tag.id.in_(keys)).with_for_update())
    used = exists().where(content_tags.c.tag_id == Tag.id)
    db.session.execute(delete(Tag).where(Tag.id.in_(keys), ~used))


def make(slug: str, name: str) -> Tag:
    """Add a keyword, or return the one that another request added in the meantime."""
    tag = Tag(slug=slug, name=name)
    try:
        with db.session.begin_nested():
            db.session.add(tag)
    except IntegrityError:
        return db.session.scalars(select(Tag).where(Tag.slug == slug)).one()
    search_index.index(tag)
    return tag
