"""Links for bare addresses, by bleach."""

import re
from collections.abc import MutableMapping

from bleach.linkifier import Linker

from app.lib.markdown.cleaning import REL
from app.lib.markdown.rawhtml import TAG

ADDRESS = re.compile(
    r"(?<![\w@./:-])(?:https?://|www\.)[^\s<>\"'`\x02\x03\ue000]+[^\s<>\"'`.,;:!?)\]*_\ue000]",
    re.IGNORECASE,
)
MAIL_ADDRESS = re.compile(
    r"(?<![\w.+@-])[A-Za-z0-9][\w.+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}(?![\w@-])",
    re.ASCII,
)
HINT = re.compile(r"https?://|www\.|@", re.IGNORECASE)
NO_LINKS_IN = {"a", "pre", "code"}
BETWEEN = "\ue000"
Attributes = MutableMapping[tuple[str | None, str], str]


def _new_link(attributes: Attributes, *_new: bool) -> Attributes:
    href = attributes.get((None, "href"), "")
    if not href.startswith("mailto:"):
        attributes[(None, "rel")] = REL
    return attributes


def linkify(text: str) -> str:
    """Make links of bare addresses. bleach sees only the texts that may hold one: it is slow."""
    if not HINT.search(text):
        return text
    parts = _parts(text)
    places = [i for i, (part, linkable) in enumerate(parts) if linkable and HINT.search(part)]
    if not places:
        return text
    linker = Linker(callbacks=[_new_link], parse_email=True, url_re=ADDRESS, email_re=MAIL_ADDRESS)
    linked = linker.linkify(BETWEEN.join(parts[i][0] for i in places)).split(BETWEEN)
    texts = [part for part, _ in parts]
    for i, part in zip(places, linked, strict=True):
        texts[i] = part
    return "".join(texts)


def _parts(text: str) -> list[tuple[str, bool]]:
    """Split HTML in tags and texts; True with a text where a link may stand."""
    parts: list[tuple[str, bool]] = []
    last = closed = 0
    for match in TAG.finditer(text):
        parts.append((text[last : match.start()], closed == 0))
        parts.append((match.group(), False))
        last = match.end()
        if match["name"].lower() in NO_LINKS_IN:
            closed = max(0, closed - 1) if match["end"] else closed + 1
    parts.append((text[last:], closed == 0))
    return parts
