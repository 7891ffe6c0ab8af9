"""Markdown to safe HTML.

`render` is the one door: text, then Python-Markdown with our lines, brackets and links around it,
then bleach for bare addresses, then nh3 as the boundary. Nothing that an author writes can put
script, style, forms, `hx-*` or an image of another site on a page.
"""

import re
import threading
from dataclasses import dataclass

from pymdownx.details import DetailsExtension

from app.lib.markdown import inline, tree
from app.lib.markdown.addresses import BETWEEN, linkify
from app.lib.markdown.cleaning import clean
from app.lib.markdown.excerpt import plain_text, summary
from app.lib.markdown.habits import Reader
from app.lib.markdown.limits import MAX_LENGTH, MarkdownRefused, check_size
from app.lib.markdown.page import (
    DEFAULT_LABELS,
    ID_PREFIX,
    Labels,
    Page,
    Picture,
    PictureResolver,
    Resolver,
    Target,
    TocEntry,
)
from app.lib.markdown.plain import paragraphs
from app.lib.markdown.rawhtml import known_html
from markdown import Markdown
from markdown.extensions.admonition import AdmonitionExtension
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.nl2br import Nl2BrExtension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension
from markdown.preprocessors import Preprocessor

__all__ = [
    "ID_PREFIX",
    "MAX_LENGTH",
    "RENDERER_VERSION",
    "Labels",
    "MarkdownRefused",
    "Picture",
    "PictureResolver",
    "Rendered",
    "Resolver",
    "Target",
    "TocEntry",
    "plain_text",
    "render",
    "summary",
]

RENDERER_VERSION = 2
"""Goes up with every change of the HTML for the same text; `flask rerender` looks at it."""

UNUSABLE = re.compile(
    rf"[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff{BETWEEN}]"
)
"""Characters that HTML does not know, and the marks that the renderer uses within itself."""


@dataclass(frozen=True)
class Rendered:
    """A text as HTML, with what was found in it.

    `wiki_links` holds the targets as written (`Title` or `kring:content/12`), `mentions` the names
    in lower case without `@`; both once each, in order.
    """

    html: str
    toc: tuple[TocEntry, ...]
    wiki_links: tuple[str, ...]
    mentions: tuple[str, ...]


def render(
    text: str,
    *,
    links: Resolver | None = None,
    mentions: Resolver | None = None,
    pictures: PictureResolver | None = None,
    breaks: bool = False,
    base_level: int = 2,
    id_prefix: str = ID_PREFIX,
    labels: Labels = DEFAULT_LABELS,
) -> Rendered:
    """Render Markdown as HTML that is safe to put on a page.

    `links`, `mentions` and `pictures` are each called at most once, with all targets of the text.
    Without `links`, `[[Title]]` stays text. With `breaks` a bare line break is one in the HTML. The first
    heading gets `base_level`; every id starts with `id_prefix`, so give each text on a page its own.
    Raises MarkdownRefused for a text that is too long, too nested or too complex.
    """
    check_size(text)
    if (html := paragraphs(text, breaks=breaks)) is not None:
        return Rendered(clean(html, frozenset()), toc=(), wiki_links=(), mentions=())
    engine = _engine(breaks=breaks)
    page = Page(links, mentions, pictures, id_prefix, base_level, labels)
    try:
        raw = engine.convert(text, page)
    except RecursionError:
        _forget_engines()
        raise MarkdownRefused("too_nested") from None
    except BaseException:
        _forget_engines()
        raise
    return Rendered(
        html=clean(linkify(raw), page.ids),
        toc=tuple(page.toc),
        wiki_links=page.wiki_links,
        mentions=page.names,
    )


class _Habits(Preprocessor):
    """Put lines in the strict form; takes the place of three of Python-Markdown's own steps."""

    def run(self, lines: list[str]) -> list[str]:
        reader = Reader(self.md.htmlStash.store, known_html, self.md.references)
        return [*reader.read(lines), "", ""]


class _Engine:
    """Python-Markdown with our parts. Not safe in two threads at once."""

    def __init__(self, *, breaks: bool) -> None:
        extensions = [
            TableExtension(use_align_attribute=True),
            FootnoteExtension(BACKLINK_TITLE=""),
            SaneListExtension(),
            AdmonitionExtension(),
            DetailsExtension(),
            *([Nl2BrExtension()] if breaks else []),
        ]
        self.md = Markdown(extensions=extensions, output_format="html")
        for name in ("normalize_whitespace", "html_block"):
            self.md.preprocessors.deregister(name)
        self.md.parser.blockprocessors.deregister("reference")
        self.md.preprocessors.register(_Habits(self.md), "habits", 30)
        inline.register(self.md)
        self.finish = tree.register(self.md)

    def convert(self, text: str, page: Page) -> str:
        """Return HTML that is not yet safe; fills in `page`."""
        self.finish.page = page
        self.md.reset()
        text = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)
        return self.md.convert(UNUSABLE.sub("", text))


_local = threading.local()


def _engine(*, breaks: bool) -> _Engine:
    """Return the engine of this thread: building one takes longer than rendering a reply."""
    engines: dict[bool, _Engine] = _local.__dict__.setdefault("engines", {})
    if breaks not in engines:
        engines[breaks] = _Engine(breaks=breaks)
    return engines[breaks]


def _forget_engines() -> None:
    """Drop the engines: one that stopped halfway may hold remains of a text."""
    _local.engines.clear()
