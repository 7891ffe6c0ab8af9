"""Keywords: read from what people type, and kept once each."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.lib.slugs import UNTITLED, slugify
from app.models import Tag

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
    found = {tag.slug: tag for tag in db.session.scalars(select(Tag).where(Tag.slug.in_(wanted)))}
    for slug, name in wanted.items():
        if slug not in found:
            found[slug] = make(slug, name)
    return [found[slug] for slug in wanted]


def make(slug: str, name: str) -> Tag:
    """Add a keyword, or return the one that another request added in the meantime."""
    tag = Tag(slug=slug, name=name)
    try:
        with db.session.begin_nested():
            db.session.add(tag)
    except IntegrityError:
        return db.session.scalars(select(Tag).where(Tag.slug == slug)).one()
    return tag
