"""Text without any markup, such as most replies are: its paragraphs need no parser."""

import re

from app.lib.markdown.addresses import HINT

SIGN = r"""[^\W_]|[.,;:?!()'"’‘“”„…–/%€-]"""
LINE = rf"(?:[^\W\d_]|[(\"'‘“„])(?:{SIGN})*+(?: (?:{SIGN})++)*+"
PLAIN = re.compile(rf"{LINE}(?:\n++{LINE})*+")
"""Lines that begin with a letter, or with what opens a quotation or an aside; single spaces only."""
BETWEEN = re.compile(r"\n{2,}")


def paragraphs(text: str, *, breaks: bool) -> str | None:
    """Return the HTML of a text that is paragraphs and nothing else; None of one that may be more.

    It is what the parser makes of it, and like that not yet cleaned.
    """
    text = text.replace("\r\n", "\n").strip("\n")
    if HINT.search(text) or not PLAIN.fullmatch(text):
        return None
    parts = BETWEEN.split(text)
    if breaks:
        parts = [part.replace("\n", "<br>\n") for part in parts]
    return "\n".join([f"<p>{part}</p>" for part in parts])
