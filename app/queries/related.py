"""What goes with a piece: others with the same keywords, words and theme, as far as one may read."""

from typing import Any

from sqlalchemy import CompoundSelect, Select, func, literal, select, union_all

from app.lib.search_query import COMMON, Query, Term
from app.lib.search_text import stem, words
from app.models import Content, SearchDocument, content_tags
from app.queries.blocks import unmuted
from app.queries.listing import Rows, listed
from app.queries.search_match import hits

MOST = 5
CONSIDERED = 200
"""How many pieces a keyword, a word or a theme brings in, newest first: the work is then bounded."""
KEYWORD, WORD, THEME = 4, 2, 1
ENOUGH = 4
"""A keyword in common, or two words of the title; that the theme is the same is not enough."""
WORDS = 5
SHORTEST = 4


def related_to(content: Content, user: Any) -> Rows:
    """Select the pieces that go best with this one, as rows for a list."""
    points = points_for(content).subquery()
    score = func.sum(points.c.points)
    best = (
        select(points.c.id, score.label("score"))
        .where(points.c.id != content.id)
        .group_by(points.c.id)
        .having(score >= ENOUGH)
        .subquery()
    )
    return (
        listed(user)
        .join(best, best.c.id == Content.id)
        .where(Content.hidden_at.is_(None), Content.withdrawn_at.is_(None), unmuted(user))
        .order_by(best.c.score.desc(), Content.last_active_at.desc(), Content.id.desc())
        .limit(MOST)
    )


def points_for(content: Content) -> CompoundSelect[Any]:
    """Select ids of pieces with points: most for a keyword in common, least for the theme."""
    ways = [with_keyword(tag.id) for tag in content.tags]
    ways += [with_word(word) for word in telling(content.title)]
    return union_all(*ways, in_theme(content.theme_id))


def telling(title: str) -> list[str]:
    """Return the longest words of a title, each stem once: they tell most."""
    found = {stem(word): word for word in words(title) if len(word) >= SHORTEST}
    kept = (word for word in found.values() if word not in COMMON)
    return sorted(kept, key=lambda word: (-len(word), word))[:WORDS]


def with_keyword(tag_id: int) -> Select[int, int]:
    """Select the newest pieces with a keyword."""
    carrying = (
        select(content_tags.c.content_id.label("id"))
        .where(content_tags.c.tag_id == tag_id)
        .order_by(content_tags.c.content_id.desc())
        .limit(CONSIDERED)
        .subquery()
    )
    return select(carrying.c.id, literal(KEYWORD).label("points"))


def with_word(word: str) -> Select[Any, int]:
    """Select the newest pieces with a word, in any of its forms."""
    question = Query(word, (Term((word,)),))
    found = hits(question, CONSIDERED, ("discussion", "wiki")).subquery()
    return select(SearchDocument.content_id.label("id"), literal(WORD).label("points")).join(
        found, found.c.id == SearchDocument.id
    )


def in_theme(theme_id: int | None) -> Select[int, int]:
    """Select the pieces of a theme in which something happened last."""
    newest = (
        select(Content.id.label("id"))
        .where(Content.theme_id == theme_id)
        .order_by(Content.last_active_at.desc(), Content.id.desc())
        .limit(CONSIDERED)
        .subquery()
    )
    return select(newest.c.id, literal(THEME).label("points"))
