"""Which documents have the words of a question, in the words of either database.

Both find the same: words and stems were made before they were kept, and questions go the same way.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    REAL,
    BigInteger,
    ColumnElement,
    Float,
    Integer,
    Select,
    String,
    cast,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, TSVECTOR

from app.extensions import db
from app.lib.search_query import Query, Term
from app.lib.search_text import stem
from app.models.search import KINDS, SUBJECT_BITS

TEXTS = "{title body}"
STEM = "·"
"""Marks a stem in PostgreSQL; in SQLite stems have columns of their own."""
KIND_MASK = 15
Parts = tuple[ColumnElement[int], Any, ColumnElement[float]]


def hits(
    query: Query, most: int, *, kinds: Sequence[str] = (), since: int = 0, ranked: bool = True
) -> Select[int, float]:
    """Select id and score of the newest documents with the words of a question, names first.

    `most` bounds how many are looked at; `since` is the least id of what has an age.
    """
    sqlite = db.engine.dialect.name == "sqlite"
    key, match, score = in_sqlite(query) if sqlite else in_postgres(query)
    found = (
        select(key.label("id"), (score if ranked else literal(0.0)).label("score"))
        .where(match)
        .order_by(key.desc())
        .limit(most)
    )
    if kinds:
        # PostgreSQL shifts by an integer only.
        of_kind = key.op(">>")(literal(SUBJECT_BITS, Integer)).op("&")(KIND_MASK)
        found = found.where(of_kind.in_([KINDS[kind] for kind in kinds]))
    return found.where(key >= since) if since else found


def in_sqlite(query: Query) -> Parts:
    """Return the key, the condition and the score in FTS5.

    What stands in a title weighs ten times as much; a stem a little less than the word itself.
    """
    index = table("search_index", column("rowid", Integer))
    # No named parameter: one statement can ask more than one question.
    match = literal_column("search_index", String).op("MATCH", is_comparison=True)(fts5(query))
    score = literal_column("-bm25(search_index, 10.0, 8.0, 1.0, 0.8)", Float)
    return index.c.rowid, match, score


def in_postgres(query: Query) -> Parts:
    """Return the key, the condition and the score in PostgreSQL; titles weigh as in FTS5."""
    index = table("search_index", column("id", BigInteger), column("words", TSVECTOR))
    question = cast(tsquery(query), TSQUERY)
    weights = cast([0.1, 0.1, 0.1, 1.0], ARRAY(REAL))
    match = index.c.words.bool_op("@@")(question)
    return index.c.id, match, func.ts_rank(weights, index.c.words, question, 1)


def fts5(query: Query) -> str:
    """Return the question as FTS5 reads it; all words are letters and digits, and stand in quotes."""
    wanted = " AND ".join(in_fts5(term) for term in query.terms)
    if not query.without:
        return wanted
    return f"({wanted}) NOT ({' OR '.join(in_fts5(term) for term in query.without)})"


def in_fts5(term: Term) -> str:
    """Return one term: a word in all its forms, or words that stand together."""
    star = " *" if term.prefix else ""
    together = f'{TEXTS} : "{" ".join(term.words)}"{star}'
    if term.exact:
        return f"({together})"
    root = f'"{stem(term.words[0])}"'
    return f"({root} OR {together})" if term.prefix else root


def tsquery(query: Query) -> str:
    """Return the question as PostgreSQL reads it."""
    wanted = " & ".join(in_tsquery(term) for term in query.terms)
    without = "".join(f" & !{in_tsquery(term)}" for term in query.without)
    return wanted + without


def in_tsquery(term: Term) -> str:
    """Return one term, as `in_fts5` does."""
    star = ":*" if term.prefix else ""
    together = " <-> ".join(f"'{word}'" for word in term.words) + star
    if term.exact:
        return f"({together})"
    root = stem(term.words[0])
    either = f"'{root}' | '{STEM}{root}'"
    return f"({either} | {together})" if term.prefix else f"({either})"
