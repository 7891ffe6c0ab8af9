"""What people look for, counted by term and day without who asked; and words for who misspells.

Both are written in batches: a search is a GET, and words need not be there at once.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any

from flask import current_app
from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from app.extensions import Kring, db
from app.lib.batches import Batch
from app.lib.clock import local, now
from app.lib.search_query import Query
from app.lib.search_text import sound
from app.models import SearchTerm, SearchWord
from app.queries.search import Results

TERMS = "kring_search_terms"
WORDS = "kring_search_words"
LONGEST_TERM = 80
SHORTEST_WORD = 4
ROWS = 500
PERSONAL = re.compile(r"@|\d(?:[ .\-/]?\d){5,}")
"""An address, or as many digits as a telephone number, a date of birth or a BSN has."""
Searched = tuple[str, date, bool]
INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def init_app(app: Kring) -> None:
    """Give this application its batches."""
    app.extensions[TERMS] = Batch[Searched](partial(write_terms, app))
    app.extensions[WORDS] = Batch[frozenset[str]](partial(write_words, app))


def searched(query: Query, results: Results) -> None:
    """Note that someone looked for this; call it for a question that was sent, not while typing.

    What looks like personal data, or is too long to be a term, is not kept.
    """
    term = query.folded
    if not term or len(term) > LONGEST_TERM or PERSONAL.search(query.text):
        return
    day = local(now()).date()
    current_app.extensions[TERMS].add((term, day, not results.total))


def write_terms(app: Kring, found: Iterable[Searched]) -> None:
    """Count terms, in one transaction."""
    counted = Counter(found)
    with app.app_context():
        for term, day in sorted({(term, day) for term, day, _vain in counted}):
            vain = counted[term, day, True]
            times = counted[term, day, False] + vain
            insert = INSERT[db.engine.dialect.name](SearchTerm).values(
                term=term, day=day, times=times, without_result=vain
            )
            db.session.execute(
                insert.on_conflict_do_update(
                    index_elements=["term", "day"],
                    set_={
                        "times": SearchTerm.times + times,
                        "without_result": SearchTerm.without_result + vain,
                    },
                )
            )
        db.session.commit()


def saw_words(found: Iterable[str]) -> None:
    """Note telling words of a text that the whole community can read."""
    if telling := frozenset(found):
        current_app.extensions[WORDS].add(telling)


def is_telling(word: str) -> bool:
    """Tell whether someone may be helped to this word: of letters only, and not too short."""
    return len(word) >= SHORTEST_WORD and word.isalpha()


def write_words(app: Kring, found: Iterable[frozenset[str]]) -> None:
    """Keep the words that are new, in one transaction."""
    with app.app_context():
        add_words(frozenset().union(*found))
        db.session.commit()


def add_words(found: Iterable[str]) -> None:
    """Keep these words, each once; in order, so that two who do this never wait for each other."""
    rows = [{"word": word, "sound": sound(word)} for word in sorted(found)]
    insert = INSERT[db.engine.dialect.name](SearchWord).on_conflict_do_nothing()
    for start in range(0, len(rows), ROWS):
        db.session.execute(insert, rows[start : start + ROWS])


def forget(found: Sequence[str]) -> None:
    """Let nobody be helped to these words, nor read that they were looked for."""
    if not found:
        return
    term = SearchTerm.term.contains(" ".join(found), autoescape=True)
    for gone in (
        delete(SearchWord).where(SearchWord.word.in_(found)),
        delete(SearchTerm).where(term),
    ):
        db.session.execute(gone.execution_options(synchronize_session=False))
