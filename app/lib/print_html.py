"""Rendered pages put one after another in one document, for print.

What comes in was written by our sanitizer: attributes stand between double quotes, and no text or
attribute holds a bare `<`. So tags can be changed where they stand.
"""

import re
from collections.abc import Collection

TAG = re.compile(r"<(/?)([a-z][a-z0-9-]*)((?:[^<>\"]|\"[^\"]*\")*)>")
ATTRIBUTE = re.compile(r" (id|href|headers|for|loading|aria-[a-z]+)=\"([^\"]*)\"")
HEADING = re.compile(r"h([1-6])")
NAMES = frozenset({"headers", "for", "aria-labelledby", "aria-describedby", "aria-controls"})
"""Attributes that name ids."""
PAGE = re.compile(r"(?:https?://[^/]+)?/wikis/(\d{1,9})(?:-[\w-]*)?(?:#(.*))?")
DEEPEST = 6


def anchor(key: int, name: str = "") -> str:
    """Return the id of a page in the document, or of something in that page."""
    return f"p{key}-{name}" if name else f"p{key}"


def part(html: str, key: int, others: Collection[int], deeper: int) -> str:
    """Return the HTML of page `key` as a part of a document that has the pages `others` as well.

    Headings go `deeper` levels down, ids become unique, and links to pages that are there become
    links inside the document.
    """

    def attribute(match: re.Match[str]) -> str:
        name, value = match[1], match[2]
        if name == "loading":
            return ""  # a browser prints only what it has loaded
        if name == "id":
            value = anchor(key, value)
        elif name in NAMES:
            value = " ".join(anchor(key, each) for each in value.split())
        elif name == "href":
            value = inside(value, key, others)
        return f' {name}="{value}"'

    def tag(match: re.Match[str]) -> str:
        closing, name, rest = match[1], match[2], match[3]
        if heading := HEADING.fullmatch(name):
            name = f"h{min(DEEPEST, int(heading[1]) + deeper)}"
        return f"<{closing}{name}{ATTRIBUTE.sub(attribute, rest)}>"

    return TAG.sub(tag, html)


def inside(address: str, key: int, others: Collection[int]) -> str:
    """Return the address, in the document when it leads to something that stands there."""
    if address.startswith("#"):
        return f"#{anchor(key, address[1:])}"
    match = PAGE.fullmatch(address)
    if match and int(match[1]) in others:
        return f"#{anchor(int(match[1]), match[2] or '')}"
    return address
