"""What a misspelt question may have meant, by the words that stand in texts for all."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from sqlalchemy import Select, func, or_, select

from app.extensions import db
from app.lib.search_query import Query
from app.lib.search_text import WORD, fold, sound
from app.models import SearchWord

SHORTEST = 4
MOST_WORDS = 5
"""Words of a question that are looked at."""
BEGINNING = 3
LONGER = 3
CANDIDATES = 5_000
ALIKE = 0.75
"""From how much two words must have in common: 1.0 is the same word."""


def corrected(query: Query) -> str:
    """Return a question with the words that nobody wrote replaced by the most alike; one statement.

    Nothing when there are none, or none that are alike.
    """
    wanted = {
        word: term.prefix and word == term.words[-1]
        for term in query.terms
        for word in term.words
        if len(word) >= SHORTEST and word.isalpha()
    }
    asked = list(wanted)[:MOST_WORDS]
    if not asked:
        return ""
    known = db.session.scalars(like(asked)).all()
    better = {word: closest(word, known, begins=wanted[word]) for word in asked}
    if not any(better.values()):
        return ""
    return WORD.sub(lambda run: better.get(fold(run[0])) or run[0], query.text)


def like(asked: Sequence[str]) -> Select[str]:
    """Select the words that begin alike or sound alike."""
    begins = func.substr(SearchWord.word, 1, BEGINNING).in_([word[:BEGINNING] for word in asked])
    length = func.length(SearchWord.word)
    longest, shortest = max(map(len, asked)) + LONGER, min(map(len, asked)) - LONGER
    sounds = SearchWord.sound.in_([sound(word) for word in asked])
    alike = or_(SearchWord.word.in_(asked), sounds, begins & length.between(shortest, longest))
    return select(SearchWord.word).where(alike).order_by(SearchWord.word).limit(CANDIDATES)


def closest(word: str, known: Sequence[str], *, begins: bool) -> str:
    """Return the known word most like this one; nothing when it is known itself, or none is."""
    if word in known or (begins and any(each.startswith(word) for each in known)):
        return ""
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(word)
    best, most = "", ALIKE
    for each in known:
        matcher.set_seq1(each)
        if matcher.real_quick_ratio() > most and matcher.quick_ratio() > most:
            ratio = matcher.ratio()
            if ratio > most:
                best, most = each, ratio
    return best
