"""The plain text of rendered HTML, for lists, mails and search."""

import html
import re

from app.lib.markdown.cleaning import INLINE_TAGS
from app.lib.markdown.rawhtml import TAG

SKIPPED = re.compile(
    r'<a\b[^<>]*class="(?:heading-link|footnote-backref)"[^<>]*>[^<]*</a>|<sup\b[^<>]*><a[^<>]*>[^<]*</a></sup>'
)
CUT_TAG = re.compile(r"<[^<>]*+$")
INLINE = (INLINE_TAGS - {"br"}) | {"input", "label"}


def plain_text(text: str) -> str:
    """Return rendered HTML as one line of text, without marks for screens only."""
    text = SKIPPED.sub("", text)
    text = TAG.sub(lambda tag: "" if tag["name"].lower() in INLINE else " ", text)
    return " ".join(html.unescape(text).split())


def summary(text: str, length: int = 200) -> str:
    """Return the first `length` characters of rendered HTML as text, cut between words."""
    # Far more HTML than needed is not read: most pages are longer than their summary.
    plain = plain_text(CUT_TAG.sub("", text[: length * 20]))
    if len(plain) <= length:
        return plain
    cut, space, _ = plain[:length].rpartition(" ")
    if len(cut) < length // 2 or not space:
        cut = plain[: length - 1]
    return cut.rstrip(" ,.;:-–") + "…"
