"""Links between pages: as files have them, and as Kring keeps them.

In files a link names another file: `[kop](../map/pagina.md#kop)`. Kring keeps the page's number:
`[kop](kring:content/12#kop)`, in HTML `/wikis/12`, so that a link survives every new name and place.
A link to a page that is not there becomes `[[Naam|kop]]`: Kring shows it as missing, until someone
writes that page.
"""

import posixpath
import re
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import unquote

from app.lib.markdown import ID_PREFIX
from app.lib.source_links import Link, relative, rewrite, targets
from app.lib.wiki_files import PAGES
from app.lib.wiki_folder import Note, Reason, Tell, name_of, shown
from app.services.links import STABLE

IN_HTML = re.compile(r"/wikis/(\d{1,9})(?:-[\w-]*)?(?:#(.*))?$")
IN_TEXT = re.compile(rf"{STABLE}(\d{{1,9}})(?:#(.*))?$")
FILE = re.compile(r"/(images|attachments)/(\d{1,9})(?:-[^/?#\s]*)?")
NONE: Mapping[str, str] = MappingProxyType({})
MARKUP = re.compile(r"[*`\\]")


def from_files(
    text: str, path: str, pages: Mapping[str, int], tell: Tell, files: Mapping[str, str] = NONE
) -> str:
    """Return the text of the file `path` with its links to other files turned into links of ours.

    `files` are the addresses of documents and images by their paths in the export.
    """

    def change(link: Link) -> str | None:
        if link.is_relative and (known := files.get(place_of_file(path, link.address))):
            return link.to(known)
        if link.kind in ("image", "html_image"):
            if not link.address.startswith("/"):
                reason: Reason = "missing_image" if link.is_relative else "foreign_image"
                tell(Note(path, reason, shown(link.address)))
            return None
        if not link.is_relative:
            return None
        names, heading = targets(path, link.address)
        found = next((pages[name] for name in names if name in pages), None)
        if found is not None:
            return to_page(link, found, heading)
        is_page = is_page_address(link.address)
        tell(Note(path, "missing_page" if is_page else "missing_file", shown(link.address)))
        return to_missing(link, names[0]) if is_page else None

    return rewrite(text, change)


def place_of_file(page: str, address: str) -> str:
    """Return the path in the export that a relative address in a page means."""
    folder = posixpath.dirname(f"{PAGES}/{page}")
    return posixpath.normpath(posixpath.join(folder, unquote(address)))


def is_page_address(address: str) -> bool:
    """Tell whether a relative address looks like that of a page, and not of a document."""
    extension = posixpath.splitext(address.partition("#")[0].partition("?")[0])[1]
    return extension in ("", ".md")


def to_page(link: Link, key: int, heading: str) -> str:
    """Return the link, leading to a page by its number."""
    if link.kind == "html_link":
        return link.to(f"/wikis/{key}" + (f"#{ID_PREFIX}{heading}" if heading else ""))
    return link.to(f"{STABLE}{key}" + (f"#{heading}" if heading else ""))


def to_missing(link: Link, path: str) -> str | None:
    """Return the link as one to a page that someone may still write."""
    if link.kind == "html_link":
        start = link.source.lower().rindex("href", 0, link.start)
        return link.source[:start] + 'class="wiki-missing"'
    label = " ".join(MARKUP.sub("", link.label).split())
    if not label or re.search(r"[\[\]|]", label):
        return None
    # A bare bar would end the cell of a table.
    bar = r"\|" if "|" in link.line else "|"
    return f"[[{name_of(path)}{bar}{label}]]"


def to_files(
    text: str,
    path: str,
    paths: Mapping[int, str],
    titles: Mapping[int, str],
    files: Mapping[str, str] = NONE,
) -> str:
    """Return the text of a page as its file `path` has it; the way back of `from_files`.

    A number means nothing elsewhere: a link to a page outside the export gets its title. `files`
    are the paths in the export of what is at `images/12` or `attachments/34`.
    """

    def change(link: Link) -> str | None:
        file = FILE.fullmatch(link.address)
        if file and (known := files.get(f"{file[1]}/{file[2]}")):
            return link.to(relative(f"{PAGES}/{path}", known, ""))
        pattern = IN_HTML if link.kind == "html_link" else IN_TEXT
        match = pattern.fullmatch(link.address)
        if not match:
            return None
        key, heading = int(match[1]), match[2] or ""
        if link.kind == "html_link":
            heading = heading.removeprefix(ID_PREFIX)
        if key in paths:
            return link.to(relative(path, paths[key], heading))
        if key in titles and link.kind == "link" and not re.search(r"[\[\]|]", link.label):
            return f"[[{titles[key]}{'#' + heading if heading else ''}|{link.label}]]"
        return None

    return rewrite(text, change)
