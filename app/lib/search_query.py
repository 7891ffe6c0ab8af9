"""What someone types in the search field, read as words to find and words to leave out."""

import re
from dataclasses import dataclass

from app.lib.search_text import words

LONGEST = 300
"""Characters of a question that count."""
MOST_WORDS = 20
SHORTEST_PREFIX = 2
PART = re.compile(r'(-?)"([^"]*)"?|(\S+)')
QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
# Words that stand in nearly every text: beside others they say nothing.
COMMON = frozenset(
    [
        "aan",
        "als",
        "bij",
        "da",
        "dan",
        "dat",
        "de",
        "der",
        "deze",
        "die",
        "dit",
        "door",
        "een",
        "en",
        "er",
        "had",
        "heb",
        "hebben",
        "heeft",
        "het",
        "hij",
        "hoe",
        "ik",
        "in",
        "is",
        "je",
        "kan",
        "kun",
        "me",
        "met",
        "mij",
        "mijn",
        "na",
        "naar",
        "niet",
        "of",
        "om",
        "onze",
        "ook",
        "op",
        "over",
        "te",
        "tot",
        "u",
        "uit",
        "uw",
        "van",
        "voor",
        "waar",
        "was",
        "wat",
        "we",
        "welke",
        "wie",
        "wij",
        "worden",
        "wordt",
        "ze",
        "zich",
        "zij",
        "zijn",
        "zo",
    ]
)


@dataclass(frozen=True)
class Term:
    """Words that stand next to each other; a single one counts in all its forms unless `exact`.

    With `prefix` the last word may go on.
    """

    words: tuple[str, ...]
    exact: bool = False
    prefix: bool = False


@dataclass(frozen=True)
class Query:
    """A question: `text` as it was typed, what must be found, and what must not."""

    text: str
    terms: tuple[Term, ...] = ()
    without: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether there is anything to look for."""
        return bool(self.terms)

    @property
    def folded(self) -> str:
        """Return the words to find in one form, for counting what people look for."""
        return " ".join(word for term in self.terms for word in term.words)


def parse(text: str) -> Query:
    """Read a question; every text is one, if need be one without anything to look for.

    `"these words"` stand together, `-this` does not occur, `begin*` goes on, and so may the last
    word, unless a space follows it.
    """
    shown = " ".join(text[:LONGEST].replace("\0", " ").split())
    wanted: list[Term] = []
    without: list[Term] = []
    going = False
    for minus, quoted, plain in PART.findall(text[:LONGEST].translate(QUOTES)):
        excluded = bool(minus) or plain.startswith("-")
        term = term_of(quoted or plain, exact=bool(quoted))
        if term:
            (without if excluded else wanted).append(term)
            going = not excluded and not quoted
    if going and text[:LONGEST][-1].isalnum():
        wanted[-1] = going_on(wanted[-1])
    telling = [term for term in wanted if term.exact or not COMMON.issuperset(term.words)]
    return Query(shown, at_most(telling or wanted), at_most(without))


def term_of(text: str, *, exact: bool) -> Term | None:
    """Return the words in a part of a question as one term; None when there are none.

    What stands joined, such as e-mail, is looked for as words next to each other.
    """
    found = tuple(words(text))
    if not found:
        return None
    term = Term(found, exact=exact or len(found) > 1)
    return going_on(term) if text.endswith("*") else term


def going_on(term: Term) -> Term:
    """Let the last word of a term go on, when it is long enough to be told apart."""
    prefix = len(term.words[-1]) >= SHORTEST_PREFIX
    return Term(term.words, term.exact, prefix)


def at_most(terms: list[Term]) -> tuple[Term, ...]:
    """Return each term once, as many as have MOST_WORDS words together."""
    kept: list[Term] = []
    left = MOST_WORDS
    for term in dict.fromkeys(terms):
        cut = Term(term.words[:left], term.exact, term.prefix and len(term.words) <= left)
        left -= len(cut.words)
        if cut.words:
            kept.append(cut)
    return tuple(kept)
