"""Images of ours in a text: shown in the size that fits, and opened whole by who wants to."""

import re
import xml.etree.ElementTree as ET

from app.lib.markdown.cleaning import SIZES
from app.lib.markdown.page import Page, Picture
from markdown.util import AtomicString

OWN = re.compile(r"/images/([0-9]{1,9})(?:-[^/?#\s]*)?(?:/[0-9]{1,9})?")
MIDDLE = 960
"""The width for browsers that do not choose themselves."""


def picture_id(address: str) -> int | None:
    """Return the number of the image that an address names, if it names one."""
    match = OWN.fullmatch(address)
    return int(match[1]) if match else None


def named(html_or_markdown: str) -> set[int]:
    """Return the numbers of all images that a text names in any way."""
    return {int(match[1]) for match in OWN.finditer(html_or_markdown)}


def show_pictures(root: ET.Element, page: Page) -> None:
    """Show the images that the text may show, and words in the place of others."""
    if page.pictures is None:
        return
    parents = [
        (parent, image, key)
        for parent in list(root.iter())
        for image in parent
        if image.tag == "img" and (key := picture_id(image.get("src", ""))) is not None
    ]
    wanted = tuple(dict.fromkeys(key for _parent, _image, key in parents))
    found = page.pictures(wanted) if wanted else {}
    for parent, image, key in parents:
        picture = found.get(key)
        if picture is None or picture.gone:
            _words(image, page.labels.image_gone if picture else "")
        else:
            _show(image, picture)
            if parent.tag != "a":
                _link(parent, image, picture)


def _words(image: ET.Element, label: str) -> None:
    """Leave the words in place of an image that is not shown."""
    alt = image.get("alt", "")
    image.attrib.clear()
    image.tag = "span"
    image.set("class", "image-missing")
    image.text = AtomicString(": ".join(part for part in (label, alt) if part))


def _show(image: ET.Element, picture: Picture) -> None:
    """Tell a browser which sizes there are, and how much room to keep."""
    narrower = [(f"{picture.url}/{width}", width) for width in picture.widths]
    middle = next((url for url, width in narrower if width >= MIDDLE), picture.url)
    image.set("src", middle)
    image.set("alt", image.get("alt", "").strip() or picture.alt)
    image.set("width", str(picture.width))
    image.set("height", str(picture.height))
    image.set("loading", "lazy")
    if narrower:
        every = [*narrower, (picture.url, picture.width)]
        image.set("srcset", ", ".join(f"{url} {width}w" for url, width in every))
        image.set("sizes", SIZES)


def _link(parent: ET.Element, image: ET.Element, picture: Picture) -> None:
    """Lead from an image to the whole of it."""
    link = ET.Element("a", {"href": picture.url})
    link.tail, image.tail = image.tail, None
    parent[list(parent).index(image)] = link
    link.append(image)
