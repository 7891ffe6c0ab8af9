"""A wiki, or a page with all below it, as one document to print."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.lib.print_html import part
from app.models import WikiPage

MOST = 500
"""Pages in one document: more than a book has, and what a browser can still lay out."""
DEEPEST_HEADING = 4
"""Of the titles of pages: what stands in a page goes one deeper, and there are six levels."""


@dataclass(frozen=True)
class Sheet:
    """A page in the document: how deep it stands (0 on top), its text with unique ids."""

    page: WikiPage
    level: int
    html: str

    @property
    def heading(self) -> int:
        """Return the level of the heading that its title is; the document's title has 1."""
        return min(DEEPEST_HEADING, self.level + 2)


def sheets(pages: Sequence[WikiPage]) -> list[Sheet]:
    """Return the pages in reading order; one whose parent is not there stands on top."""
    there = {page.id for page in pages}
    below: dict[int | None, list[WikiPage]] = {}
    for page in pages:
        below.setdefault(page.parent_id if page.parent_id in there else None, []).append(page)

    def walk(parent: int | None, level: int) -> Iterator[Sheet]:
        for page in below.get(parent, ()):
            # In a page headings begin at 2, which is where the titles of pages begin here.
            deeper = min(DEEPEST_HEADING, level + 2) - 1
            yield Sheet(page, level, part(page.body_html, page.id, there, deeper))
            yield from walk(page.id, level + 1)

    return list(walk(None, 0))
