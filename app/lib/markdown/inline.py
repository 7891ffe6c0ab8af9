"""What stands inside a line: links, images, wiki links, mentions and the HTML that may be typed."""

import re
import xml.etree.ElementTree as ET

from app.lib.markdown.rawhtml import COMMENT, TAG, known_tag
from markdown import Markdown
from markdown.inlinepatterns import (
    ImageInlineProcessor,
    InlineProcessor,
    LinkInlineProcessor,
    dequote,
)
from markdown.util import ETX, STX, AtomicString

WIKI = "wiki"
MENTION = "mention"
"""Marks on elements that wait for the resolvers; they never reach the output."""

Match = tuple[ET.Element | str | None, int | None, int | None]

TARGET = re.compile(
    r"""\(\s*+(?:<(?P<angle>[^<>\n]*+)>
    |(?P<bare>(?:[^()\s]|\((?:[^()\s]|\([^()\s]*+\))*+\)|[ ]++(?![ \n"')]))*+))
    (?:\s++(?P<title>"[^"]*+"|'[^']*+'))?+\s*+\)""",
    re.VERBOSE,
)
WIKI_LINK = r"\[\[([^\[\]\n]{1,500}+)\]\]"
ESCAPED = re.compile(f"{STX}([0-9]+){ETX}")
MENTION_NAME = r"(?<![\w@/.=&?\#%+-])@(?P<name>[A-Za-z0-9]++(?:-[A-Za-z0-9]++)*+)(?![\w@]|\.\w)"
RAW_HTML = f"(?P<tag>{TAG.pattern})|{COMMENT.pattern}"
MAIL = r"<(?:mailto:)?([\w.+-]{1,64}@[\w-]++(?:\.[\w-]++)+)>"
LINK_ATTRIBUTES = r"(?<=\x03)\{:?[ ]?[.#][^{}\n]*+\}"


class _LinearTarget(LinkInlineProcessor):
    """Read the part between parentheses in one match, instead of searching to the end."""

    def getLink(  # noqa: N802 - the library's name
        self, data: str, index: int
    ) -> tuple[str, str | None, int, bool]:
        match = TARGET.match(data, index)
        if not match:
            return "", None, index, False
        href = match["angle"] if match["angle"] is not None else match["bare"]
        title = match["title"]
        if title is not None:
            title = self.RE_TITLE_CLEAN.sub(" ", dequote(self.unescape(title)))
        return self.unescape(href).strip().replace(" ", "%20"), title, match.end(), True


class LinkPattern(_LinearTarget):
    """`[text](address "title")`."""


class ImagePattern(_LinearTarget, ImageInlineProcessor):
    """`![text](address "title")`."""


class _Pattern(InlineProcessor):
    """A pattern that needs only its match."""

    md: Markdown

    def found(self, m: re.Match[str]) -> Match:
        """Return what the match becomes, with its start and end; None three times to refuse it."""
        raise NotImplementedError

    def restored(self, text: str) -> str:
        """Return the text as it was typed, where earlier patterns left their marks."""
        return ESCAPED.sub(lambda code: chr(int(code[1])), self.unescape(text))

    def handleMatch(  # type: ignore[override]  # noqa: N802 - the library's name; its stubs differ
        self,
        m: re.Match[str],
        data: str,  # noqa: ARG002 - the library gives it
    ) -> Match:
        return self.found(m)


class WikiLinkPattern(_Pattern):
    """`[[Title#heading|shown text]]`."""

    ANCESTOR_EXCLUDES = ("a",)

    def found(self, m: re.Match[str]) -> Match:
        inside = self.restored(m[1])
        target, _, label = inside.partition("|")
        page, _, heading = (" ".join(part.split()) for part in target.partition("#"))
        if not page:
            return None, None, None
        link = ET.Element("a", {WIKI: page, "heading": heading, "source": f"[[{inside}]]"})
        link.text = AtomicString(label.strip())
        return link, m.start(), m.end()


class MentionPattern(_Pattern):
    """`@name`, not in an address."""

    ANCESTOR_EXCLUDES = ("a",)

    def found(self, m: re.Match[str]) -> Match:
        link = ET.Element("a", {MENTION: m["name"].lower()})
        link.text = AtomicString(m.group())
        return link, m.start(), m.end()


class RawHtmlPattern(_Pattern):
    """Tags that may be typed; all others stay visible text. Comments vanish."""

    def found(self, m: re.Match[str]) -> Match:
        if m["tag"] is None:
            return "", m.start(), m.end()
        if m["name"].lower() == "a" and not m["end"] and m.string.find("</a>", m.end()) < 0:
            return None, None, None
        whole = TAG.fullmatch(self.restored(m["tag"]))
        raw = known_tag(whole) if whole else None
        if raw is None:
            return None, None, None
        return self.md.htmlStash.store(raw) if raw else "", m.start(), m.end()


class MailPattern(_Pattern):
    """`<name@example.org>`."""

    def found(self, m: re.Match[str]) -> Match:
        link = ET.Element("a", {"href": "mailto:" + self.unescape(m[1])})
        link.text = AtomicString(m[1])
        return link, m.start(), m.end()


class Nothing(_Pattern):
    """Drop what matches: attributes after a link, as other programs know them."""

    def found(self, m: re.Match[str]) -> Match:
        return "", m.start(), m.end()


def register(md: Markdown) -> None:
    """Put our inline patterns in place of those that can be slow, and add ours."""
    patterns = md.inlinePatterns
    for name in ("entity", "html", "automail", "link", "image_link"):
        patterns.deregister(name)
    patterns.register(WikiLinkPattern(WIKI_LINK, md), "wiki_link", 176)
    patterns.register(LinkPattern(r"(?<!\!)\[", md), "link", 160)
    patterns.register(Nothing(LINK_ATTRIBUTES, md), "link_attributes", 155)
    patterns.register(ImagePattern(r"\!\[", md), "image_link", 150)
    patterns.register(MailPattern(MAIL, md), "automail", 110)
    patterns.register(RawHtmlPattern(RAW_HTML, md), "html", 90)
    patterns.register(MentionPattern(MENTION_NAME, md), "mention", 70)
    assert md.delimiters is not None
    md.delimiters.add("~", "del", double=True)
    md.ESCAPED_CHARS = [*md.ESCAPED_CHARS, "@", "~", "|"]
