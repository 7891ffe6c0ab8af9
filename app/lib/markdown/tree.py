"""Steps over the tree between parsing and writing: headings, ids, wiki links, images, tables."""

import html
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

from app.lib.markdown.brackets import tame
from app.lib.markdown.cleaning import REL, is_external, is_own_image
from app.lib.markdown.links import resolve_links, resolve_mentions, unwrap
from app.lib.markdown.page import Page, TocEntry, slug
from app.lib.markdown.pictures import show_pictures
from markdown import Markdown
from markdown.extensions.toc import unique
from markdown.treeprocessors import Treeprocessor
from markdown.util import ETX, STX, AtomicString

HEADINGS = {f"h{level}": level for level in range(1, 7)}
BLOCKS = {"ul", "ol", "p", "pre", "blockquote", "div", "details", "table", *HEADINGS}
CODE_POINT = re.compile(f"{STX}([0-9]+){ETX}")
PLACEHOLDER = re.compile(f"{STX}[^{ETX}]*{ETX}")
TASK = re.compile(r"\s*\[([ xX])\] +(?=\S|$)")


class Tame(Treeprocessor):
    """Before the inline patterns: no bracket or backtick without a partner."""

    def run(self, root: ET.Element) -> None:
        for element in root.iter():
            if element.text and not isinstance(element.text, AtomicString):
                element.text = tame(element.text)
            if element.tail:
                element.tail = tame(element.tail)


class Finish(Treeprocessor):
    """After the inline patterns: everything that needs the whole page."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self.page = Page()

    def run(self, root: ET.Element) -> None:
        for element in root.iter():
            _plain(element)
        resolve_links(root, self.page)
        resolve_mentions(root, self.page)
        for element in list(root.iter()):
            if element.tag == "li":
                _task(element)
            elif element.tag in ("th", "td"):
                _align(element)
        show_pictures(root, self.page)
        _parents(root)
        _footnotes(root, self.page)
        _headings(root, self.page)


def _plain(element: ET.Element) -> None:
    """Put escaped characters back, so that all further steps see the text itself."""
    for name, value in element.items():
        if value and STX in value:
            element.set(name, CODE_POINT.sub(_character, value))
    if element.text and STX in element.text and element.tag != "code":
        element.text = CODE_POINT.sub(_character, element.text)
    if element.tail and STX in element.tail:
        element.tail = CODE_POINT.sub(_character, element.tail)


def _character(match: re.Match[str]) -> str:
    return chr(int(match[1]))


def _task(item: ET.Element) -> None:
    """Make of `[x]` at the start of an item a box that cannot be ticked, labelled by its text."""
    holder = item[0] if len(item) and item[0].tag == "p" and not (item.text or "").strip() else item
    match = TASK.match(holder.text or "")
    if not match:
        return
    label = ET.Element("label")
    box = ET.SubElement(label, "input", {"type": "checkbox", "disabled": "disabled"})
    if match[1] != " ":
        box.set("checked", "checked")
    box.tail = " " + (holder.text or "")[match.end() :]
    holder.text = ""
    while len(holder) and holder[0].tag not in BLOCKS:
        child = holder[0]
        holder.remove(child)
        label.append(child)
    holder.insert(0, label)
    item.set("class", "task-list-item")


def _align(cell: ET.Element) -> None:
    side = cell.attrib.pop("align", None)
    if side:
        cell.set("class", f"align-{side}")


def _parents(root: ET.Element) -> None:
    """Replace elements: images, tables, lists of tasks."""
    for parent in list(root.iter()):
        for at, child in enumerate(list(parent)):
            if child.tag == "img":
                _image(child, inside_link=parent.tag == "a")
            elif child.tag == "table":
                scroll = ET.Element("div", {"class": "table-scroll", "tabindex": "0"})
                scroll.tail, child.tail = child.tail, None
                parent[at] = scroll
                scroll.append(child)
            elif child.get("class") == "task-list-item":
                parent.set("class", "task-list")


def _image(image: ET.Element, *, inside_link: bool) -> None:
    """Make a link of an image of another site, which would tell that site who reads."""
    source, text = image.get("src", ""), image.get("alt", "")
    if is_own_image(source):
        return
    image.attrib.clear()
    image.text = AtomicString(text or source)
    image.tag = "span"
    if is_external(source) and not inside_link:
        image.tag = "a"
        image.set("href", source)
        image.set("rel", REL)
    else:
        image.set("class", "image-missing")


def _footnotes(root: ET.Element, page: Page) -> None:
    """Give footnotes ids that are valid and stand once on a page with many texts."""
    renamed: dict[str, str] = {}
    counts = {"fn": 0, "fnref": 0}
    for element in root.iter():
        name = element.get("id", "")
        if name.startswith("fn"):
            kind = "fnref" if name.startswith("fnref") else "fn"
            counts[kind] += 1
            renamed[name] = f"{page.prefix}{kind}-{counts[kind]}"
            element.set("id", renamed[name])
    page.ids.update(renamed.values())
    for link in root.iter("a"):
        if link.get("class") in ("footnote-ref", "footnote-backref"):
            link.attrib.pop("title", None)
            link.set("href", "#" + renamed.get(link.get("href", "")[1:], ""))
    notes = [item for item in root.iter("li") if item.get("id") in page.ids]
    for number, note in enumerate(notes, start=1):
        _way_back(note, page.labels.footnote.format(number=number))


def _way_back(note: ET.Element, label: str) -> None:
    """Name the links from a footnote to the text; one to a place that is not there goes."""
    for link in note.iter("a"):
        if link.get("class") != "footnote-backref":
            continue
        if link.get("href") == "#":
            unwrap(link, "")
        else:
            link.set("aria-label", label)


def _headings(root: ET.Element, page: Page) -> None:
    """Shift headings under the page's title, without gaps, and give each an id and a link."""
    headings = [element for element in root.iter() if element.tag in HEADINGS]
    above: list[int] = []
    counters: dict[str, int] = {}
    for heading in headings:
        level = HEADINGS[heading.tag]
        while above and above[-1] >= level:
            above.pop()
        above.append(level)
        level = min(page.base_level + len(above) - 1, 6)
        heading.tag = f"h{level}"
        text = _text(heading)
        name = unique(page.prefix + slug(text), page.ids, counters)  # type: ignore[call-arg]  # the stubs are older
        heading.set("id", name)
        page.toc.append(TocEntry(level, name, text))
        anchor = {"class": "heading-link", "href": "#" + name}
        anchor["aria-label"] = page.labels.heading.format(title=text)
        ET.SubElement(heading, "a", anchor).text = "#"


def _text(heading: ET.Element) -> str:
    """Return the text of a heading, without references to footnotes."""
    return " ".join(html.unescape(PLACEHOLDER.sub("", "".join(_texts(heading)))).split())


def _texts(element: ET.Element) -> Iterator[str]:
    if element.text:
        yield element.text
    for child in element:
        if child.tag != "sup":
            yield from _texts(child)
        if child.tail:
            yield child.tail


def register(md: Markdown) -> Finish:
    """Add the steps; the returned one is to be given a `Page` before each rendering."""
    finish = Finish(md)
    md.treeprocessors.register(Tame(md), "tame", 30)
    md.treeprocessors.register(finish, "finish", 12)
    return finish
