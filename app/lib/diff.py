"""Differences between two versions of a text: lines first, then words inside changed lines."""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal, NamedTuple

from app.lib.line_matching import Opcode, line_opcodes, split

Kind = Literal["same", "changed", "added", "removed", "gap"]

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")
_MOST_WORD_PAIRS = 1_000_000
_MOST_WORD_PAIRS_IN_A_LINE = 300_000
_PAIRS_TO_START = 100
_ALIKE = 0.3
_MOST_SHIFTS = 2_000


class Span(NamedTuple):
    """A piece of a line; marked when the other version has something else there."""

    text: str
    marked: bool


class Row(NamedTuple):
    """One row of a side-by-side view; an inline view shows `old` and then `new`.

    Line numbers count from 1 and are None where a side has no line. A gap stands for `lines`
    lines that are the same in both; it has no spans, and carries the numbers of its first line.
    """

    kind: Kind
    old_number: int | None
    new_number: int | None
    old: tuple[Span, ...] = ()
    new: tuple[Span, ...] = ()
    lines: int = 1


def lines(old: str, new: str, context: int = 3) -> list[Row]:
    """Rows for all lines of both texts, unchanged runs longer than `2 * context` shortened.

    Takes under a second for two texts of 200 KB: where too many words have changed, the rest of
    the changed lines is marked whole.
    """
    return _Comparison(old, new, context).rows()


class _Comparison:
    def __init__(self, old: str, new: str, context: int) -> None:
        self.old = split(old)
        self.new = split(new)
        self.context = context
        self.pairs_left = _MOST_WORD_PAIRS

    def rows(self) -> list[Row]:
        opcodes = line_opcodes(self.old, self.new)
        return [row for opcode in opcodes for row in self._rows_of(opcode)]

    def _rows_of(self, opcode: Opcode) -> Iterator[Row]:
        if opcode.equal:
            yield from self._same(opcode)
            return
        for i, j in _pairs(self.old, self.new, opcode):
            yield self._changed(i, j)

    def _same(self, opcode: Opcode) -> Iterator[Row]:
        count = opcode.old_to - opcode.old_from
        before = self.context if opcode.old_from or opcode.new_from else 0
        at_end = opcode.old_to == len(self.old) and opcode.new_to == len(self.new)
        hidden = count - before - (0 if at_end else self.context)
        if count <= 2 * self.context or hidden < 1:
            before, hidden = count, 0
        for offset in range(before):
            yield self._same_line(opcode.old_from + offset, opcode.new_from + offset)
        if hidden:
            first = before + 1
            yield Row("gap", opcode.old_from + first, opcode.new_from + first, lines=hidden)
        for offset in range(before + hidden, count):
            yield self._same_line(opcode.old_from + offset, opcode.new_from + offset)

    def _same_line(self, i: int, j: int) -> Row:
        spans = (Span(self.old[i], marked=False),)
        return Row("same", i + 1, j + 1, spans, spans)

    def _changed(self, i: int | None, j: int | None) -> Row:
        if i is None:
            assert j is not None
            return Row("added", None, j + 1, new=(Span(self.new[j], marked=True),))
        if j is None:
            return Row("removed", i + 1, None, old=(Span(self.old[i], marked=True),))
        return Row("changed", i + 1, j + 1, *self._words(self.old[i], self.new[j]))

    def _words(self, old: str, new: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
        """Mark the words that differ, or both lines whole when they have little in common."""
        whole = (Span(old, marked=True),), (Span(new, marked=True),)
        if self.pairs_left <= 0:
            return whole
        a, b = _WORDS.findall(old), _WORDS.findall(new)
        pairs = len(a) * len(b) + _PAIRS_TO_START
        if pairs > _MOST_WORD_PAIRS_IN_A_LINE:
            return whole
        self.pairs_left -= pairs
        matcher = SequenceMatcher(str.isspace, a, b, autojunk=False)
        if matcher.quick_ratio() < _ALIKE or matcher.ratio() < _ALIKE:
            return whole
        opcodes = matcher.get_opcodes()
        return (
            _spans((a[i1:i2], tag != "equal") for tag, i1, i2, _, _ in opcodes),
            _spans((b[j1:j2], tag != "equal") for tag, _, _, j1, j2 in opcodes),
        )


def _spans(pieces: Iterable[tuple[list[str], bool]]) -> tuple[Span, ...]:
    return tuple(Span("".join(words), marked) for words, marked in pieces if words)


def _pairs(
    old: Sequence[str], new: Sequence[str], opcode: Opcode
) -> Iterator[tuple[int | None, int | None]]:
    """Which old line stands beside which new line, where both were replaced.

    Of an uneven number the shorter side is moved down to where it has most words in common with
    the longer: a paragraph put in above an edited one does not hide the edit.
    """
    a = list(range(opcode.old_from, opcode.old_to))
    b = list(range(opcode.new_from, opcode.new_to))
    shift = _best_shift([old[i] for i in a], [new[j] for j in b])
    yield from ((i, None) for i in a[: max(0, shift)])
    yield from ((None, j) for j in b[: max(0, -shift)])
    yield from zip_longest(a[max(0, shift) :], b[max(0, -shift) :])


def _best_shift(a: list[str], b: list[str]) -> int:
    """How many lines of `a` come before the first of `b`; negative: the other way around."""
    if len(a) < len(b):
        return -_best_shift(b, a)
    shifts = range(len(a) - len(b) + 1)
    if not b or len(shifts) * len(b) > _MOST_SHIFTS:
        return 0
    old, new = [set(line.split()) for line in a], [set(line.split()) for line in b]
    return max(shifts, key=lambda s: sum(len(x & y) for x, y in zip(old[s:], new, strict=False)))
