"""Wiki links: `[[Title]]` looked up when a text is rendered, and kept right afterwards.

A text is rendered once for all readers, so a link leads only to pages that the whole community can
read. What a link once led to stays its target, whatever name that page has now; only when that page
is out of sight, the title is looked up anew.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from flask import current_app
from sqlalchemy import ColumnElement, and_, delete, insert, or_, select, update

from app.extensions import db
from app.lib.markdown import Target
from app.lib.slugs import slugify
from app.models import Content, WikiLink, WikiPage
from app.models.content import Status

STABLE = "kring:content/"
TITLE_LENGTH = 200


def fold(title: str) -> str:
    """Return the form in which titles are compared: single spaces, no capitals."""
    return " ".join(title.split()).casefold()[:TITLE_LENGTH]


def linkable() -> ColumnElement[bool]:
    """Return the condition on `WikiPage` for pages that every member can read."""
    return and_(
        WikiPage.group_id.is_(None),
        WikiPage.status == Status.PUBLISHED,
        WikiPage.hidden_at.is_(None),
        WikiPage.withdrawn_at.is_(None),
    )


def address(endpoint: str, **values: object) -> str:
    """Return the path of an address, also outside a request, where texts are rendered as well."""
    return current_app.url_map.bind("").build(endpoint, values)


class Page(NamedTuple):
    """What a link needs to know of a page."""

    id: int
    title: str
    slug: str
    theme_id: int | None


class Links:
    """The links of one text: called with its targets, it finds them; `keep` stores what it found.

    `source` is None for a text that is not stored, or is a reply: then the links are not kept.
    `also` are the ids of pages that are not in sight yet, and will be.
    """

    def __init__(
        self, source: Content | None, theme_id: int | None, also: Collection[int] = ()
    ) -> None:
        self.source = source
        self.theme_id = theme_id
        self.also = also
        self.pinned: dict[str, int | None] = {}
        self.found: dict[str, int | None] = {}

    def __call__(self, targets: Sequence[str]) -> Mapping[str, Target]:
        """Return address and title of the targets that exist; the renderer calls this once."""
        self.pinned = self._kept()
        pages = self._candidates(targets)
        chosen = {target: self._choose(target, pages) for target in targets}
        for target, page in chosen.items():
            self.found[fold(target)] = page.id if page else self.pinned.get(fold(target))
        return {
            target: Target(address("wikis.show", ref=page), page.title)
            for target, page in chosen.items()
            if page
        }

    def keep(self) -> None:
        """Store which titles the text names and where they lead."""
        assert self.source is not None
        if not self.found and not self.pinned:
            self.pinned = self._kept()
        if self.found == self.pinned:
            return
        db.session.execute(delete(WikiLink).where(WikiLink.source_id == self.source.id))
        rows = [
            {"source_id": self.source.id, "title": title, "target_id": target_id}
            for title, target_id in self.found.items()
        ]
        if rows:
            db.session.execute(insert(WikiLink), rows)

    def _kept(self) -> dict[str, int | None]:
        if self.source is None:
            return {}
        db.session.flush()
        kept = select(WikiLink).where(WikiLink.source_id == self.source.id)
        return {link.title: link.target_id for link in db.session.scalars(kept)}

    def _candidates(self, targets: Iterable[str]) -> list[Page]:
        numbers = [number for target in targets if (number := stable_number(target))]
        coming = WikiPage.id.in_([number for number in numbers if number in self.also])
        wanted = [*numbers, *(key for key in self.pinned.values() if key)]
        slugs = {slugify(target) for target in targets if not target.startswith(STABLE)}
        named = or_(Content.id.in_(wanted), WikiPage.slug.in_(slugs))
        columns = select(WikiPage.id, WikiPage.title, WikiPage.slug, WikiPage.theme_id)
        return [
            Page(*row) for row in db.session.execute(columns.where(or_(linkable(), coming), named))
        ]

    def _choose(self, target: str, pages: list[Page]) -> Page | None:
        """Pick the page: what it led to before, else the oldest of that title, own theme first."""
        key = stable_number(target) or self.pinned.get(fold(target))
        if kept := next((page for page in pages if page.id == key), None):
            return kept
        namesakes = [page for page in pages if fold(page.title) == fold(target)]
        namesakes.sort(key=lambda page: (page.theme_id != self.theme_id, page.id))
        return namesakes[0] if namesakes else None


def stable_number(target: str) -> int | None:
    """Return the number in `kring:content/12`; None for a title."""
    number = target.removeprefix(STABLE) if target.startswith(STABLE) else ""
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else None


def mark_hopeful(titles: Collection[str]) -> None:
    """Let all that names these titles in vain be rendered anew: there are pages of that name now."""
    in_vain = select(WikiLink.source_id).where(
        WikiLink.title.in_({fold(title) for title in titles}), WikiLink.target_id.is_(None)
    )
    db.session.execute(update(Content).where(Content.id.in_(in_vain)).values(renderer=0))


def mark_stale(changed: Sequence[WikiPage]) -> list[int]:
    """Let all that links to these pages, or names their titles in vain, be rendered anew.

    Returns the ids of those pieces.
    """
    keys, titles = [page.id for page in changed], [fold(page.title) for page in changed]
    live = select(WikiPage.id).where(linkable(), WikiPage.id.not_in(keys))
    in_vain = or_(WikiLink.target_id.is_(None), WikiLink.target_id.not_in(live))
    sources = select(WikiLink.source_id).where(
        or_(WikiLink.target_id.in_(keys), and_(WikiLink.title.in_(titles), in_vain))
    )
    found = list(db.session.scalars(sources.distinct().order_by(WikiLink.source_id)))
    if found:
        db.session.execute(update(Content).where(Content.id.in_(found)).values(renderer=0))
    return found
