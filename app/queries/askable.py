"""Who may know the answer to a piece, and can be asked to look at it."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from app.lib.clock import now
from app.lib.slugs import slugify
from app.models import (
    Comment,
    Content,
    Expertise,
    Grant,
    Nudge,
    Tag,
    User,
    content_tags,
)
from app.policy import part_visible_to, readers_of, visible_to
from app.queries.listing import Rows
from app.queries.people import Wanted, people

MOST = 8
TALKERS = 5
"""So many of those who replied most in a theme are suggested."""
SHORTEST_WORD = 4


def askable(content: Content, asker: User) -> ColumnElement[bool]:
    """Hold for who can be asked: who reads the piece and was not asked yet.

    Who blocked the asker is among them, or the asker would notice: it does not reach them.
    """
    asked = select(Nudge.person_id).where(Nudge.content_id == content.id)
    return and_(
        readers_of(content),
        or_(User.suspended_until.is_(None), User.suspended_until <= now()),
        User.id.not_in([content.author_id, asker.id]),
        User.id.not_in(asked),
    )


def candidate(content: Content, asker: User, key: int) -> Select[User]:
    """Select one person, if this person can be asked."""
    return select(User).where(User.id == key, askable(content, asker))


def suggested(content: Content, asker: User) -> Rows:
    """Select who may know: a row has `id`, `name`, and whether `specialist`, `expert` or `talker`.

    Numbers are not shown: who replies often is not measured.
    """
    specialist = User.id.in_(select(Grant.user_id).where(Grant.theme_id == content.theme_id))
    expert = and_(User.id.in_(experts(content)), part_visible_to("expertise", asker))
    talker = User.id.in_(talkers(content, asker))
    marks = [specialist.label("specialist"), expert.label("expert"), talker.label("talker")]
    return (
        select(User.id, User.name, *marks)
        .where(askable(content, asker), or_(specialist, expert, talker))
        .order_by(*(mark.desc() for mark in marks), func.lower(User.name), User.id)
        .limit(MOST)
    )


def experts(content: Content) -> Select[int]:
    """Select who names a keyword, the theme or a word of the title as what they know about."""
    keywords = (
        select(Tag.slug)
        .join(content_tags, content_tags.c.tag_id == Tag.id)
        .where(content_tags.c.content_id == content.id)
    )
    named = or_(Expertise.slug.in_(keywords), Expertise.slug.in_(words_of(content)))
    return select(Expertise.user_id).where(named)


def words_of(content: Content) -> Sequence[str]:
    """Return the words of the title that say something, and the theme, as expertise is written."""
    words = [word for word in slugify(content.title).split("-") if len(word) >= SHORTEST_WORD]
    return [*words, content.theme.slug] if content.theme else words


def talkers(content: Content, asker: User) -> Select[int]:
    """Select who replied most in the theme of a piece, to what the asker may read."""
    return (
        select(Comment.author_id)
        .join(Content, Content.id == Comment.content_id)
        .where(
            Content.theme_id == content.theme_id, Comment.author_id != Content.author_id,
            Comment.hidden_at.is_(None), Comment.withdrawn_at.is_(None), visible_to(asker),
        )
        .group_by(Comment.author_id)
        .order_by(func.count().desc(), Comment.author_id)
        .limit(TALKERS)
    )  # fmt: skip


def named(content: Content, asker: User, words: str) -> Rows:
    """Select who can be asked and has these words in a name, a job title or expertise."""
    found = people(asker, Wanted(words=words)).where(askable(content, asker))
    return (
        found.with_only_columns(User.id, User.name)
        .order_by(func.lower(User.name), User.id)
        .limit(MOST)
    )
