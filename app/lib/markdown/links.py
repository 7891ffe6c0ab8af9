"""Wiki links, mentions and other links, once the whole page is known."""

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from urllib.parse import unquote

from app.lib.markdown.cleaning import REL, is_external
from app.lib.markdown.inline import MENTION, WIKI
from app.lib.markdown.page import ID_PREFIX, Page, Target, slug
from markdown.util import AtomicString

STABLE = "kring:content/"
"""Start of a link that names a piece of content by its number: `[text](kring:content/12#kop)`."""


def unwrap(element: ET.Element, text: str) -> None:
    """Leave only text: an element without a tag is written without one."""
    element.attrib.clear()
    element.tag = None  # type: ignore[assignment]
    element.text = text


def resolve_links(root: ET.Element, page: Page) -> None:
    wiki = [link for link in root.iter("a") if link.get(WIKI)]
    stable = [link for link in root.iter("a") if link.get("href", "").startswith(STABLE)]
    targets = [link.attrib[WIKI] for link in wiki]
    targets += [link.attrib["href"].partition("#")[0] for link in stable]
    page.wiki_links = tuple(dict.fromkeys(targets))
    found = page.links(page.wiki_links) if page.links and page.wiki_links else {}
    for link in wiki:
        _wiki_link(link, page, found)
    for link in stable:
        name, _, heading = link.attrib["href"].partition("#")
        _lead(link, found.get(name), heading)
    for link in root.iter("a"):
        href = link.get("href", "")
        if href.startswith("#") and not link.get("class"):
            link.set("href", "#" + page.prefix + unquote(href[1:]))
        elif is_external(href):
            link.set("rel", REL)


def _wiki_link(link: ET.Element, page: Page, found: Mapping[str, Target]) -> None:
    name, heading = link.attrib.pop(WIKI), link.attrib.pop("heading")
    source = link.attrib.pop("source")
    if page.links is None:
        unwrap(link, source)
        return
    target = found.get(name)
    if not link.text:
        renamed = target is not None and target.title.casefold() != name.casefold()
        link.text = AtomicString(target.title if target and renamed else name)
    _lead(link, target, slug(heading) if heading else "")


def _lead(link: ET.Element, target: Target | None, heading: str) -> None:
    """Let a link lead to its target, or show that there is none."""
    if target is None:
        link.tag = "span"
        link.attrib.clear()
        link.set("class", "wiki-missing")
        return
    link.set("href", target.url + (f"#{ID_PREFIX}{heading}" if heading else ""))
    link.set("class", "wiki-link")


def resolve_mentions(root: ET.Element, page: Page) -> None:
    mentions = [link for link in root.iter("a") if link.get(MENTION)]
    page.names = tuple(dict.fromkeys(link.attrib[MENTION] for link in mentions))
    found = page.mentions(page.names) if page.mentions and page.names else {}
    for link in mentions:
        target = found.get(link.attrib[MENTION])
        if target is None:
            unwrap(link, link.text or "")
            continue
        link.attrib.clear()
        link.set("href", target.url)
        link.set("class", "mention")
        link.text = AtomicString("@" + target.title)
