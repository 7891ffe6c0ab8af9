"""Which lines of two texts belong together, fast for any text."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

_MOST_LINE_PAIRS = 200_000


class Opcode(NamedTuple):
    """A step: old lines from-to (counted from 0, end excluded) became these new lines."""

    equal: bool
    old_from: int
    old_to: int
    new_from: int
    new_to: int


def split(text: str) -> list[str]:
    """Give the lines of a text without their ends, which forms send as CR LF; none for no text."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines if lines[-1] else lines[:-1]


def line_opcodes(old: Sequence[str], new: Sequence[str]) -> list[Opcode]:
    """Find the steps from one list of lines to the other; equal and unequal ones alternate.

    Lines that occur once in both hold the texts together (as in patience diff); difflib compares
    what lies between. So an empty line is never taken for the same as any other empty line far
    away, and no text takes more than n log n plus a bounded time.
    """
    return list(_joined(_Matching(old, new).steps()))


class _Matching:
    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        self.old, self.new = old, new
        self.pairs_left = _MOST_LINE_PAIRS

    def steps(self) -> Iterator[Opcode]:
        i = j = 0
        end = (len(self.old), len(self.new))
        for anchor_i, anchor_j in [*_anchors(self.old, self.new), end]:
            yield from self._between(Opcode(False, i, anchor_i, j, anchor_j))
            i, j = anchor_i + 1, anchor_j + 1
            if anchor_i < len(self.old):
                yield Opcode(True, anchor_i, i, anchor_j, j)

    def _between(self, gap: Opcode) -> Iterator[Opcode]:
        a, b = self.old[gap.old_from : gap.old_to], self.new[gap.new_from : gap.new_to]
        start = _common(a, b)
        end = _common(a[start:][::-1], b[start:][::-1])
        i, j = gap.old_from + start, gap.new_from + start
        yield Opcode(True, gap.old_from, i, gap.new_from, j)
        yield from self._unlike(Opcode(False, i, gap.old_to - end, j, gap.new_to - end))
        yield Opcode(True, gap.old_to - end, gap.old_to, gap.new_to - end, gap.new_to)

    def _unlike(self, gap: Opcode) -> Iterator[Opcode]:
        a, b = self.old[gap.old_from : gap.old_to], self.new[gap.new_from : gap.new_to]
        pairs = len(a) * len(b)
        if pairs > self.pairs_left:
            yield gap
            return
        self.pairs_left -= pairs
        i, j = gap.old_from, gap.new_from
        for tag, i1, i2, j1, j2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
            yield Opcode(tag == "equal", i + i1, i + i2, j + j1, j + j2)


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Find the longest series, rising in both, of lines that occur once in both."""
    old_counts, new_counts = Counter(old), Counter(new)
    place = {line: j for j, line in enumerate(new) if new_counts[line] == 1}
    once = [
        (i, place[line]) for i, line in enumerate(old) if old_counts[line] == 1 and line in place
    ]
    return _longest_rising(once)


def _longest_rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    ends: list[int] = []
    holders: list[int] = []
    before: list[int | None] = []
    for index, (_, j) in enumerate(pairs):
        rank = bisect_left(ends, j)
        before.append(holders[rank - 1] if rank else None)
        ends[rank : rank + 1] = [j]
        holders[rank : rank + 1] = [index]
    found: list[tuple[int, int]] = []
    at = holders[-1] if holders else None
    while at is not None:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]


def _common(a: Sequence[str], b: Sequence[str]) -> int:
    """How many lines both begin with."""
    count = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        count += 1
    return count


def _joined(steps: Iterator[Opcode]) -> Iterator[Opcode]:
    """Leave out empty steps and make neighbours of one sort into one."""
    last: Opcode | None = None
    for step in steps:
        if step.old_from == step.old_to and step.new_from == step.new_to:
            continue
        if last and last.equal == step.equal:
            last = Opcode(last.equal, last.old_from, step.old_to, last.new_from, step.new_to)
            continue
        if last:
            yield last
        last = step
    if last:
        yield last
