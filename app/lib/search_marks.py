"""Words that stand in the index beside those of a text, for order and filters: nobody can type them.

Each begins with a character that folding a text never leaves.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from app.lib.search_query import COMMON
from app.lib.search_text import stem

STEM = "·"
"""Marks a stem in PostgreSQL, where it stands at the place of its word."""
TITLE = "¹"
OFTEN = "²"
"""Mark the stem of a word in the title, and of one that the text has at least OFTEN_TIMES."""
OFTEN_TIMES = 3
KIND, AUTHOR, PIECE = "§k", "§a", "§p"


def telling(title: Sequence[str], body: Sequence[str]) -> Iterator[str]:
    """Yield what tells what a text is about, each once: by the words of its title and its own."""
    yield from (TITLE + root for root in {stem(word) for word in title})
    if len(body) >= OFTEN_TIMES:
        times = Counter(stem(word) for word in body if word not in COMMON)
        yield from (OFTEN + root for root, number in times.items() if number >= OFTEN_TIMES)


def facets(kind: str, author: int | None, piece: int | None) -> Iterator[str]:
    """Yield what a text can be narrowed by."""
    yield KIND + kind
    if author is not None:
        yield f"{AUTHOR}{author}"
    if piece is not None:
        yield f"{PIECE}{piece}"
