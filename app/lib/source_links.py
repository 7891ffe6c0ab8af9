"""Links and images in a Markdown text, found where they stand and changed without touching the rest."""

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, unquote

Kind = Literal["link", "image", "html_link", "html_image"]

FENCE = re.compile(r"[ ]*+(`{3,}+|~{3,}+)")
TOKEN = re.compile(
    r"""(?P<code>(?P<ticks>`++)[^`\n]*+(?P=ticks)(?!`))
    |(?P<mark>!?)\[(?P<label>(?:[^\[\]\n]|!?\[[^\[\]\n]*+\](?:\([^()\n]*+\))?)*+)\]
     \([ ]*+<?(?P<address>(?:[^()<>\s]|\([^()\s]*+\))*+)>?(?P<rest>(?:\s++(?:"[^"\n]*+"|'[^'\n]*+'))?[ ]*+)\)
    |<(?P<tag>a|img)\b(?P<before>[^<>]*?)\b(?P<name>href|src)=(?P<quote>["'])(?P<html>[^"'<>]*+)(?P=quote)""",
    re.VERBOSE | re.IGNORECASE,
)
SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//")


@dataclass(frozen=True)
class Link:
    """A link or an image: the text that it is, and where in that text its address stands."""

    kind: Kind
    source: str
    label: str
    address: str
    start: int
    line: str

    def to(self, address: str) -> str:
        """Return the text of this link with another address."""
        return self.source[: self.start] + address + self.source[self.start + len(self.address) :]

    @property
    def is_relative(self) -> bool:
        """Tell whether the address counts from where the text stands."""
        return bool(self.address) and self.address[0] not in "#/" and not SCHEME.match(self.address)


def rewrite(text: str, change: Callable[[Link], str | None]) -> str:
    """Return the text with each link or image replaced by what `change` makes of it.

    None leaves one as it is. What stands in code is not looked at.
    """

    def replaced(match: re.Match[str]) -> str:
        link = link_of(match)
        changed = change(link) if link else None
        return match[0] if changed is None else changed

    return "".join(part if is_code else TOKEN.sub(replaced, part) for part, is_code in blocks(text))


def link_of(match: re.Match[str]) -> Link | None:
    """Return the link of a match; None for code."""
    if match["code"]:
        return None
    name = "html" if match["tag"] else "address"
    is_image = match["mark"] == "!" or (match["tag"] or "").lower() == "img"
    kind: Kind = "image" if is_image else "link"
    if match["tag"]:
        kind = "html_image" if is_image else "html_link"
    text = match.string
    first = text.rfind("\n", 0, match.start()) + 1
    last = text.find("\n", match.end())
    return Link(
        kind, match[0], match["label"] or "", match[name], match.start(name) - match.start(),
        text[first : last if last >= 0 else len(text)],
    )  # fmt: skip


def blocks(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the parts of a text in order; True with those that are fenced code."""
    part: list[str] = []
    fence = ""
    for line in text.splitlines(keepends=True):
        match = FENCE.match(line)
        if fence:
            part.append(line)
            if match and match[1].startswith(fence) and not line[match.end() :].strip():
                yield "".join(part), True
                part, fence = [], ""
        elif match:
            yield "".join(part), False
            part, fence = [line], match[1]
        else:
            part.append(line)
    yield "".join(part), bool(fence)


def targets(source: str, address: str) -> tuple[list[str], str]:
    """Return the files that a relative address in the file `source` can mean, and its heading.

    Paths count from the top folder. Besides `naam.md` a folder's address is understood, as sites
    made of such files have it: `naam/` is `naam.md` or `naam/index.md`.
    """
    path, _, heading = address.partition("#")
    path = unquote(path.partition("?")[0])
    folder = posixpath.dirname(source)
    found = []
    for base in (folder, source.removesuffix(".md")):
        whole = posixpath.normpath(posixpath.join(base, path))
        found += [whole] if whole.endswith(".md") else [f"{whole}.md", f"{whole}/index.md"]
    return [name.removeprefix("./") for name in found], heading


def relative(source: str, target: str, heading: str) -> str:
    """Return the address of the file `target` in the file `source`."""
    path = posixpath.relpath(target, posixpath.dirname(source) or ".")
    return quote(path, safe="/") + (f"#{heading}" if heading else "")
