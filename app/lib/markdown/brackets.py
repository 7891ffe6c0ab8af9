"""Make brackets and backticks that lead nowhere plain before the inline patterns see them.

Python-Markdown looks for the end of a link from every `[`, and for the end of code from every
backtick, to the end of the text: 8,000 characters of `[a` take seconds. After this single pass each
one that is left has its partner, and they nest four deep at most.
"""

import re

from markdown.util import ETX, STX

MAX_DEPTH = 4
TOKEN = re.compile(r"\\++|`++|[\[\]]")


def tame(text: str) -> str:
    """Escape the brackets and backticks without a partner, in linear time."""
    if "[" not in text and "`" not in text:
        return text
    tokens = [(m.start(), m.group()) for m in TOKEN.finditer(text)]
    plain = sorted(_hopeless(tokens))
    if not plain:
        return text
    parts: list[str] = []
    last = 0
    for start, end in plain:
        parts.append(text[last:start])
        parts.append(f"{STX}{ord(text[start])}{ETX}" * (end - start))
        last = end
    parts.append(text[last:])
    return "".join(parts)


def _hopeless(tokens: list[tuple[int, str]]) -> list[tuple[int, int]]:
    """List the spans of brackets and backticks to escape."""
    plain, brackets = _outside_code(tokens)
    stack: list[tuple[int, bool]] = []
    for start, mark in brackets:
        if mark == "[":
            stack.append((start, len(stack) >= MAX_DEPTH))
        elif stack:
            opening, deep = stack.pop()
            if deep:
                plain += [(opening, opening + 1), (start, start + 1)]
    return plain + [(opening, opening + 1) for opening, _ in stack]


def _outside_code(
    tokens: list[tuple[int, str]],
) -> tuple[list[tuple[int, int]], list[tuple[int, str]]]:
    """Return the spans of backticks that open no code, and the brackets that count."""
    runs = _runs_by_length(tokens)
    plain: list[tuple[int, int]] = []
    brackets: list[tuple[int, str]] = []
    code_until = escaped = -1
    for start, mark in tokens:
        if start < code_until:
            continue
        if mark[0] == "\\":
            escaped = start + len(mark) if len(mark) % 2 else -1
        elif mark[0] == "`":
            skip = int(start == escaped)
            end = _closing(runs, len(mark) - skip, start)
            if end is None:
                plain.append((start + skip, start + len(mark)))
            code_until = end or code_until
        elif start != escaped:
            brackets.append((start, mark))
    return [span for span in plain if span[0] < span[1]], brackets


def _runs_by_length(tokens: list[tuple[int, str]]) -> dict[int, list[int]]:
    """List where the runs of backticks start, last one first, by their length."""
    runs: dict[int, list[int]] = {}
    for start, token in reversed(tokens):
        if token[0] == "`":
            runs.setdefault(len(token), []).append(start)
    return runs


def _closing(runs: dict[int, list[int]], length: int, after: int) -> int | None:
    """Return the end of the run that closes a run of that length at `after`."""
    starts = runs.get(length, [])
    while starts and starts[-1] <= after:
        starts.pop()
    return starts[-1] + length if starts else None
