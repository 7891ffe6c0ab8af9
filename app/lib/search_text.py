"""Text as search keeps it: folded words and their Dutch stems, alike for every database."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from threading import Lock

import Stemmer

LONGEST_WORD = 40
"""Characters of a word that count."""
MOST_WORDS = 16_000
"""Words of one text that count: PostgreSQL knows no later places."""

WORD = re.compile(r"[^\W_]+")
NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
GENITIVE = re.compile(r"['’]s\b")
# The stemmer keeps the word at work in itself: threads take turns.
_stemmer = Stemmer.Stemmer("dutch_porter", 0)
_turn = Lock()


def fold(text: str) -> str:
    """Return text without capitals and accents."""
    text = text.casefold()
    if text.isascii():
        return text
    # In most texts few characters need it.
    return NOT_ASCII.sub(without_accents, text).casefold()


def without_accents(found: re.Match[str]) -> str:
    """Return characters without what stands on them."""
    decomposed = unicodedata.normalize("NFKD", found[0])
    return "".join([c for c in decomposed if not unicodedata.combining(c)])


def words(text: str) -> list[str]:
    """Return the words of a text, folded: "Foto's in cafés" are foto, in and cafes."""
    return [word[:LONGEST_WORD] for word in WORD.findall(GENITIVE.sub("", fold(text)))]


def places(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the words as they were folded, each with where it begins and ends in the text.

    Folding can change lengths: every run of letters and digits is folded on its own.
    """
    for run in WORD.finditer(unicodedata.normalize("NFC", text)):
        for word in WORD.findall(fold(run[0])):
            yield word[:LONGEST_WORD], run.start(), run.end()


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return the stem of a folded word, the one that PostgreSQL gives it too."""
    if not word.isalpha():
        return word
    with _turn:
        found: str = _stemmer.stemWord(word)
    return found


SOUNDS = (
    ("ij", "ei"), ("ou", "au"), ("dt", "t"), ("ch", "g"), ("ck", "k"), ("c", "k"), ("q", "k"),
    ("x", "ks"), ("d", "t"), ("z", "s"), ("v", "f"), ("y", "i"), ("th", "t"),
)  # fmt: skip
DOUBLED = re.compile(r"(.)\1+")
VOWELS = re.compile(r"(?<!^)[aeiouh]")


def sound(word: str) -> str:
    """Return what is left of a folded word without what people often get wrong in it.

    Vowels but for the first letter, doubled letters, and letters that sound alike in Dutch.
    """
    for written, heard in SOUNDS:
        word = word.replace(written, heard)
    return DOUBLED.sub(r"\1", VOWELS.sub("", word))
