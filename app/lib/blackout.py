"""Finding what must become unreadable, also where it was written a little differently."""

import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass

FEWEST = 4
"""Shorter words stand in too many texts by chance."""
BETWEEN = r"[\s.\-/\u00a0\u2010-\u2015]*"
NUMBER = re.compile(rf"(?=.*\d)[\d{BETWEEN[1:-2]}]+", re.DOTALL)
DIGITS, WORDS = re.compile(r"\d+"), re.compile(r"\w+")


def pattern_of(words: str) -> re.Pattern[str]:
    """Return a pattern for words, whatever their capitals and the white space between them.

    A number is found with other marks between its digits as well: 123456782 is 1234.56.782.
    """
    if NUMBER.fullmatch(words):
        digits = [digit for digit in words if digit.isdigit()]
        return re.compile(rf"(?<!\d){BETWEEN.join(digits)}(?!\d)")
    return re.compile(r"\s+".join(re.escape(word) for word in words.split()), re.IGNORECASE)


def weight(words: str) -> int:
    """Return how many letters and digits there are to find."""
    return sum(character.isalnum() for character in words)


@dataclass(frozen=True)
class Trace:
    """What is kept of words that were blacked out: enough to know them again, not to read them.

    `form` is "digits" or "words", `length` how many of them there are, `print` a keyed hash.
    """

    form: str
    length: int
    print: str


def trace_of(words: str, key: bytes) -> Trace:
    """Return the trace of words; the same for every way in which `pattern_of` finds them."""
    if NUMBER.fullmatch(words):
        digits = "".join(DIGITS.findall(words))
        return Trace("digits", len(digits), digest(digits, key))
    runs = WORDS.findall(words)
    return Trace("words", len(runs), digest(" ".join(runs), key))


def known_again(text: str, trace: Trace, key: bytes) -> set[str]:
    """Return what stands in a text of which this is the trace, as it stands there."""
    runs = list((DIGITS if trace.form == "digits" else WORDS).finditer(text))
    found = set()
    for start in range(len(runs)):
        for end in windows(text, runs, start, trace):
            part = text[runs[start].start() : runs[end].end()]
            if hmac.compare_digest(trace_of(part, key).print, trace.print):
                found.add(part)
    return found


def windows(text: str, runs: list[re.Match[str]], start: int, trace: Trace) -> Iterator[int]:
    """Yield the last run of each stretch from `start` that is as long as the trace says."""
    if trace.form == "words":
        if start + trace.length <= len(runs):
            yield start + trace.length - 1
        return
    length = 0
    for end in range(start, len(runs)):
        length += len(runs[end].group())
        if length == trace.length:
            yield end
        if length >= trace.length or end + 1 == len(runs):
            return
        if not re.fullmatch(BETWEEN, text[runs[end].end() : runs[end + 1].start()]):
            return


def digest(text: str, key: bytes) -> str:
    """Return a keyed hash of words, whatever their capitals."""
    return hmac.new(key, text.casefold().encode(), "sha256").hexdigest()
