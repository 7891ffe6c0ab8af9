"""Keywords are renamed, merged and deleted here, by who keeps them in order."""

from sqlalchemy import delete, exists, insert, literal, select, update
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.models import Tag, TagAlias, User, content_tags
from app.queries.tags import known
from app.services import activity, search_index
from app.services.activity import Verb
from app.services.tags import by_slug, slug_of


class NameTaken(Exception):
    """Another keyword, `tag`, has this name, or had it before: the two can be merged."""

    def __init__(self, tag: Tag) -> None:
        super().__init__(tag.name)
        self.tag = tag


class StillUsed(Exception):
    """There are pieces with this keyword."""


class Gone(Exception):
    """Someone else merged or deleted the keyword in the meantime."""


def rename(tag: Tag, name: str, actor: User) -> Tag:
    """Give a keyword another name, and return it; its old address leads on. Logged.

    Raises Gone, and NameTaken when another keyword that `actor` may know of is called so. When that
    one is secret, it takes over the pieces without a word: who renames sees but a new name.
    """
    if name == tag.name:
        return tag
    hold(tag)
    slug = slug_of(name)
    holder = by_slug([slug]).get(slug)
    if holder and holder is not tag and known(holder, actor):
        raise NameTaken(holder)
    activity.record(Verb.TAG_RENAMED, tag, actor, result=f"{tag.name} → {name}")
    if holder and holder is not tag and holder.slug == slug:
        holder.name = name
        absorb(tag, holder)
        search_index.index(holder)
        return holder
    call(tag, name, slug)
    search_index.index(tag)
    return tag


def call(tag: Tag, name: str, slug: str) -> None:
    """Write the new name; raises NameTaken when another request was first to take it."""
    old = tag.slug
    db.session.execute(delete(TagAlias).where(TagAlias.slug == slug))
    try:
        with db.session.begin_nested():
            tag.name, tag.slug = name, slug
    except IntegrityError:
        raise NameTaken(by_slug([slug])[slug]) from None
    if old != slug:
        lead_on(old, tag)


def merge(tag: Tag, into: Tag, actor: User) -> None:
    """Give the pieces of one keyword another one; addresses of the first lead to the second.

    Logged. Raises Gone, and ValueError for a keyword and itself.
    """
    if tag is into:
        raise ValueError("a keyword cannot be merged into itself")
    hold(tag, into)
    result = f"{tag.name} → {into.name}"
    activity.record(Verb.TAG_MERGED, tag, actor, result=result)
    absorb(tag, into)


def remove(tag: Tag, actor: User) -> None:
    """Delete a keyword that stands nowhere. Logged. Raises Gone, and StillUsed when it is used."""
    hold(tag)
    if is_used(tag):
        raise StillUsed(tag.name)
    activity.record(Verb.TAG_DELETED, tag, actor)
    db.session.delete(tag)
    db.session.flush()


def is_used(tag: Tag) -> bool:
    """Tell whether a keyword stands on any piece, also on one out of everyone's sight."""
    return bool(db.session.scalar(select(exists().where(content_tags.c.tag_id == tag.id))))


def hold(*tags: Tag) -> None:
    """Let others who use these keywords wait, so that no piece gets one that is going."""
    keys = [tag.id for tag in tags]
    there = select(Tag.id).where(Tag.id.in_(keys)).order_by(Tag.id).with_for_update()
    if len(db.session.scalars(there).all()) < len(keys):
        raise Gone


def absorb(tag: Tag, into: Tag) -> None:
    """Move pieces and old names of a keyword to another, each piece once, and delete it."""
    has = content_tags.c
    both = select(has.content_id).where(has.tag_id == into.id)
    moving = select(has.content_id, literal(into.id)).where(
        has.tag_id == tag.id, has.content_id.not_in(both)
    )
    db.session.execute(insert(content_tags).from_select(["content_id", "tag_id"], moving))
    db.session.execute(
        update(TagAlias)
        .where(TagAlias.tag_id == tag.id)
        .values(tag_id=into.id)
        .execution_options(synchronize_session=False)
    )
    slug = tag.slug
    db.session.delete(tag)
    db.session.flush()
    lead_on(slug, into)


def lead_on(slug: str, tag: Tag) -> None:
    """Let an address of before lead to a keyword."""
    db.session.execute(delete(TagAlias).where(TagAlias.slug == slug))
    db.session.add(TagAlias(slug=slug, tag_id=tag.id))
    db.session.flush()
