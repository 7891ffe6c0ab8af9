"""Joining two changes of one text."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from app.lib.line_matching import Opcode, line_opcodes, split

MINE, OR, THEIRS = "<<<<<<<", "=======", ">>>>>>>"


@dataclass(frozen=True, slots=True)
class Merge:
    """A proposal; with `conflicts`, lines that both changed stand in it twice, between marks."""

    text: str
    conflicts: bool


def three_way(base: str, mine: str, theirs: str) -> Merge:
    """Join two changes of `base` line by line (diff3).

    Changes that touch each other are a conflict, unless they are the same. The text has LF line
    ends, and ends with one when mine does. (The library merge3 does the same, but is GPL.)
    """
    merger = _Merger(split(base), split(mine), split(theirs))
    lines = list(merger.lines())
    end = "\n" if lines and mine.endswith(("\n", "\r")) else ""
    return Merge("\n".join(lines) + end, merger.conflicts)


class _Merger:
    def __init__(self, base: list[str], mine: list[str], theirs: list[str]) -> None:
        self.base, self.mine, self.theirs = base, mine, theirs
        self.conflicts = False

    def lines(self) -> Iterator[str]:
        at = 0
        mine, theirs = self._changes(self.mine), self._changes(self.theirs)
        while mine or theirs:
            start = min(changes[0].old_from for changes in (mine, theirs) if changes)
            end, my_part, their_part = _touching(start, mine, theirs)
            yield from self.base[at:start]
            yield from self._choice(start, end, my_part, their_part)
            at = end
        yield from self.base[at:]

    def _changes(self, version: list[str]) -> deque[Opcode]:
        return deque(step for step in line_opcodes(self.base, version) if not step.equal)

    def _choice(self, start: int, end: int, mine: list[Opcode], theirs: list[Opcode]) -> list[str]:
        ours = self._version(start, end, mine, self.mine)
        other = self._version(start, end, theirs, self.theirs)
        if not theirs or ours == other:
            return ours
        if not mine:
            return other
        self.conflicts = True
        return [MINE, *ours, OR, *other, THEIRS]

    def _version(
        self, start: int, end: int, changes: list[Opcode], version: list[str]
    ) -> list[str]:
        """Tell what became of the lines `start` to `end` of the base in one version."""
        lines: list[str] = []
        for change in changes:
            lines += self.base[start : change.old_from]
            lines += version[change.new_from : change.new_to]
            start = change.old_to
        return lines + self.base[start:end]


def _touching(
    start: int, mine: deque[Opcode], theirs: deque[Opcode]
) -> tuple[int, list[Opcode], list[Opcode]]:
    """Take the changes from `start` on that no unchanged line parts, and where they end."""
    end = start
    taken: tuple[list[Opcode], list[Opcode]] = ([], [])
    waiting = True
    while waiting:
        waiting = False
        for changes, mine_or_theirs in zip((mine, theirs), taken, strict=True):
            if changes and changes[0].old_from <= end:
                end = max(end, changes[0].old_to)
                mine_or_theirs.append(changes.popleft())
                waiting = True
    return end, *taken
