"""HTML that an author types: what is harmless is kept, all other tags stay visible as text."""

import html
import re

from app.lib.markdown.cleaning import BLOCK_TAGS, INLINE_TAGS, is_own_image

TAG = re.compile(
    r"<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*+)(?P<rest>(?:\s++[^\s\"'=<>/]++"
    r"(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'=<>]++))?+)*+)\s*+/?>"
)
COMMENT = re.compile(r"<!--(?:(?!<!--|-->).)*+-->", re.DOTALL)
PIECE = re.compile(rf"{TAG.pattern}|{COMMENT.pattern}|<", re.DOTALL)
IMAGE_PART = re.compile(
    r"\b(src|alt)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))", re.IGNORECASE
)
KEPT = {*BLOCK_TAGS, *INLINE_TAGS}
_BARE = "b code em i s small strong u"
_DROPPED = """h1 big button center font nobr section article aside strike tt wbr main nav header
    footer address tfoot"""
BARE = frozenset(_BARE.split())
"""An HTML parser opens these again in every following paragraph until they are closed; with
attributes there would be no end to it, so they lose theirs."""
DROPPED = frozenset(_DROPPED.split())
"""Of these only the text is kept."""


def known_tag(match: re.Match[str]) -> str | None:
    """Return a match of `TAG` as it may go on to the boundary; None when it is to stay text."""
    name = match["name"].lower()
    if name == "img":
        return _image(match["rest"])
    if name in BARE:
        return f"<{match['end']}{name}>"
    if name in DROPPED:
        return ""
    return match.group() if name in KEPT else None


def known_html(text: str) -> str:
    """Return a block of HTML with only the tags that are known, well-formed; without comments."""
    return PIECE.sub(_piece, text)


def _piece(match: re.Match[str]) -> str:
    if match["name"]:
        tag = known_tag(match)
        return html.escape(match.group(), quote=False) if tag is None else tag
    return "&lt;" if match.group() == "<" else ""


def _image(attributes: str) -> str:
    """Return an image of ours, or the text in the place of another."""
    parts = {m[1].lower(): m[2] or m[3] or m[4] or "" for m in IMAGE_PART.finditer(attributes)}
    source, text = html.unescape(parts.get("src", "")), html.unescape(parts.get("alt", ""))
    if is_own_image(source):
        return f'<img src="{html.escape(source)}" alt="{html.escape(text)}">'
    return f'<span class="image-missing">{html.escape(text)}</span>'
