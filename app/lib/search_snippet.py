"""Where in a text the words of a question stand: the best part of it, with those words marked."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
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
    begins = {start_of(word) for term in query.terms for word in term.words}
    words_like = re.compile(
        rf"(?<![^\W_])({'|'.join(sorted(begins, reverse=True))})", re.IGNORECASE
    )
    found = [
        (hit.start(), hit[1].casefold()) for hit in islice(words_like.finditer(text), MOST_HITS)
    ]
    if not found:
        return text, False
    best = max(range(len(found)), key=lambda number: (distinct(found, number, length), -number))
    start = max(0, found[best][0] - LEAD - 1)
    start = text.find(" ", start, found[best][0]) + 1 or found[best][0] if start else 0
    return text[start : start + LONG], start > 0


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
    runs = [(found.start(), found.end(), folded(found[0])) for found in WORD.finditer(text)]
    places: set[Run] = set()
    for term in query.terms:
        places.update(places_of(term, runs))
    return apart(sorted(places)[:MOST_HITS])


@lru_cache(maxsize=50_000)
def folded(run: str) -> tuple[str, ...]:
    """Return the words in a run of letters and digits, as search keeps them."""
    return tuple(words(run))


def places_of(term: Term, runs: list[tuple[int, int, tuple[str, ...]]]) -> Iterable[Run]:
    """Yield where a term stands among the words of a text."""
    fits = fitting(term)
    if not term.exact:
        decided: dict[str, bool] = {}
        for start, end, folded in runs:
            for word in folded:
                if decided.setdefault(word, fits[0](word)):
                    yield start, end
        return
    flat = [(start, end, word) for start, end, folded in runs for word in folded]
    for number in range(len(flat) - len(fits) + 1):
        if all(fit(flat[number + place][2]) for place, fit in enumerate(fits)):
            yield flat[number][0], flat[number + len(fits) - 1][1]


def fitting(term: Term) -> list[Callable[[str], bool]]:
    """Return, for each word of a term, what tells whether a word of the text is it."""
    found: list[Callable[[str], bool]] = [word.__eq__ for word in term.words]
    last = term.words[-1]
    if not term.exact:
        root = stem(last)
        begins = last if term.prefix else None
        return [
            lambda word: word == root or stem(word) == root
            or (begins is not None and word.startswith(begins))
        ]  # fmt: skip
    if term.prefix:
        found[-1] = lambda word: word.startswith(last)
    return found


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

    def told(number: int) -> int:
        last = bisect_right(starts, starts[number] + length - LEAD)
        return len({fold(text[start:end]) for start, end in hits[number:last]})

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
