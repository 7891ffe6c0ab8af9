"""What a text may be before it is refused: measured first, so that no time is lost on it."""

import re
from typing import Literal

Reason = Literal["too_long", "too_nested", "too_complex"]

MAX_LENGTH = 200_000
"""Characters of source. The largest page of the real corpus has 24,000."""
MAX_NESTING = 10
"""Lists, quotes and boxes inside each other."""
MAX_MARKUP = 16_000
"""Lines and markup characters together; 24,000 characters of real text hold some 1,000."""
MAX_CELLS = 10_000
"""Table cells in one text, those that a short row leaves out included."""
MAX_FOOTNOTES = 500
"""Footnotes and references to them."""

MARKUP = re.compile(r"[\n*_`~\[<>&|\\@]")


class MarkdownRefused(ValueError):
    """The text cannot be rendered within reasonable time; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


def check_size(text: str) -> None:
    """Raise MarkdownRefused when the text is longer or denser than the limits."""
    if len(text) > MAX_LENGTH:
        raise MarkdownRefused("too_long")
    if len(MARKUP.findall(text)) > MAX_MARKUP or text.count("[^") > MAX_FOOTNOTES:
        raise MarkdownRefused("too_complex")
