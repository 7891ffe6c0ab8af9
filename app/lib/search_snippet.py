"""Where in a text the words of a question stand: the best part of it, with those words marked."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice, takewhile

from app.lib.search_query import Query, Term
from app.lib.search_text import WORD, fold, stem, words

Marked = tuple[tuple[str, bool], ...]
"""A text in parts; those that are True are what was looked for."""
Run = tuple[int, int]

AROUND = 220
LEAD = 60
"""Characters of a snippet, and how many of them come before the first hit at least."""
MOST_READ = 100_000
MOST_HITS = 2_000
LONG = 2_000
"""Characters of a text that are looked at word by word; of longer ones the best part."""
MOST_NEAR = 20
MOST_QUERIES = 8
MOST_RUNS = 20_000
"""Questions of which is kept what words are theirs, and of how many words for each."""


def mark(text: str, query: Query) -> Marked:
    """Return a whole text, with the words of the question marked."""
    return parted(text, hits_in(text, query), 0, len(text))


def snippet(text: str, query: Query, length: int = AROUND) -> Marked:
    """Return about `length` characters of a text, where most of the question stands together."""
    text, cut = part_of(text[:MOST_READ], query, length)
    hits = hits_in(text, query)
    start = best_start(text, hits, length) if hits else 0
    end = min(len(text), start + length)
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + length // 2)
    shown = parted(text, hits, start, end)
    before = (("… ", False),) if start or cut else ()
    after = (("…", False),) if end < len(text) else ()
    return joined((*before, *shown, *after))


def part_of(text: str, query: Query, length: int) -> tuple[str, bool]:
    """Return the part of a long text to look at word by word, and whether it begins half-way.

    All of it when no word begins as those of the question do: accents or endings may differ.
    """
    if len(text) <= LONG:
        return text, False
    found = [
        (hit.start(), hit[1].casefold())
        for hit in islice(beginning_alike(query).finditer(text), MOST_HITS)
    ]
    if not found:
        return text, False
    best = max(range(len(found)), key=lambda number: (distinct(found, number, length), -number))
    start = max(0, found[best][0] - LEAD - 1)
    start = text.find(" ", start, found[best][0]) + 1 or found[best][0] if start else 0
    return text[start : start + LONG], start > 0


@lru_cache(MOST_QUERIES)
def beginning_alike(query: Query) -> re.Pattern[str]:
    """Return what finds words that begin as those of a question do."""
    begins = {start_of(word) for term in query.terms for word in term.words}
    return re.compile(rf"(?<![^\W_])({'|'.join(sorted(begins, reverse=True))})", re.IGNORECASE)


def start_of(word: str) -> str:
    """Return with what the forms of a word begin."""
    root = stem(word)
    alike = zip(word, root[: max(3, len(root) - 1)], strict=False)
    return "".join(letter for letter, _same in takewhile(lambda two: two[0] == two[1], alike))


def distinct(found: list[tuple[int, str]], first: int, length: int) -> int:
    """Return how many different words stand within so many characters from one of them."""
    until = found[first][0] + length - LEAD
    near = takewhile(lambda hit: hit[0] <= until, islice(found, first, first + MOST_NEAR))
    return len({begins for _at, begins in near})


def hits_in(text: str, query: Query) -> list[Run]:
    """Return where the words of the question stand, from front to back, without overlap."""
    places = [] if all(term.exact for term in query.terms) else fitting(query).places(text)
    together = [term for term in query.terms if term.exact]
    if together:
        runs = [(*run.span(), word) for run in WORD.finditer(text) for word in folded(run[0])]
        found = (place for term in together for place in places_of(term, runs))
        places = sorted({*places, *found})
    return apart(places[:MOST_HITS])


@lru_cache(maxsize=10_000)
def folded(run: str) -> tuple[str, ...]:
    """Return the words in a run of letters and digits, as search keeps them."""
    return tuple(words(run))


class Fitting(dict[str, bool]):
    """Tells of a run of letters and digits whether a word in it is one of a question, once for each."""

    def __init__(self, query: Query) -> None:
        super().__init__()
        terms = [term for term in query.terms if not term.exact]
        self.roots = {stem(term.words[-1]) for term in terms}
        self.begins = tuple(term.words[-1] for term in terms if term.prefix)
        # A stem begins as its word does: most words are told apart by their first letter, those
        # that begin with one that folding may change not.
        self.letters = {word[0] for word in (*self.roots, *self.begins)}
        plain = "".join(sorted(filter(str.isascii, self.letters)))
        self.like = re.compile(rf"[{plain}{plain.upper()}\x80-\U0010ffff][^\W_]*")

    def places(self, text: str) -> list[Run]:
        """Return where the single words of the question stand in a text."""
        found = []
        for like in self.like.finditer(text):
            start, end = like.span()
            start += not text[start].isalnum()
            if self[text[start:end]] and not text[start - 1 : start].isalnum():
                found.append((start, end))
        return found

    def __missing__(self, run: str) -> bool:
        """Find it out."""
        if len(self) > MOST_RUNS:
            self.clear()
        self[run] = fits = any(map(self.fits, folded(run)))
        return fits

    def fits(self, word: str) -> bool:
        """Tell whether a word has the stem of one of the question, or begins as that may go on."""
        return word.startswith(self.begins) or (
            word[0] in self.letters and (word in self.roots or stem(word) in self.roots)
        )


@lru_cache(MOST_QUERIES)
def fitting(query: Query) -> Fitting:
    """Return what tells which words are those of a question."""
    return Fitting(query)


def places_of(term: Term, runs: list[tuple[int, int, str]]) -> Iterator[Run]:
    """Yield where the words of a term stand together."""
    *before, last = term.words
    for number in range(len(runs) - len(before)):
        said = [word for _start, _end, word in runs[number : number + len(before) + 1]]
        ends = said[-1].startswith(last) if term.prefix else said[-1] == last
        if ends and said[:-1] == before:
            yield runs[number][0], runs[number + len(before)][1]


def apart(places: list[Run]) -> list[Run]:
    """Return places without those that lie in an earlier one."""
    kept: list[Run] = []
    for start, end in places:
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


def best_start(text: str, hits: list[Run], length: int) -> int:
    """Return where to begin, so that as many different words as possible are in sight."""
    starts = [start for start, _end in hits]
    said = [fold(text[start:end]) for start, end in hits]

    def told(number: int) -> int:
        last = bisect_right(starts, starts[number] + length - LEAD)
        return len(set(said[number:last]))

    best = max(range(min(len(hits), 200)), key=lambda number: (told(number), -number))
    wanted = starts[best] - LEAD
    if wanted <= 0:
        return 0
    space = text.find(" ", wanted, starts[best])
    return space + 1 if space >= 0 else starts[best]


def parted(text: str, hits: list[Run], start: int, end: int) -> Marked:
    """Return a part of a text in parts, marked and not."""
    parts: list[tuple[str, bool]] = []
    here = start
    for first, last in hits:
        if first < here or last > end:
            continue
        parts += [(text[here:first], False), (text[first:last], True)]
        here = last
    return joined([*parts, (text[here:end], False)])


def joined(parts: Iterable[tuple[str, bool]]) -> Marked:
    """Return the parts that are not empty."""
    return tuple(part for part in parts if part[0])
