"""A wiki, or a branch of it, as files in the form that the import reads."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.lib import front_matter
from app.lib.clock import local
from app.lib.front_matter import Document, Header
from app.models import Revision, Standing, Theme, User, WikiPage
from app.policy import visible_to
from app.queries import wikis as queries
from app.queries.wiki_files import readable
from app.services import import_authors
from app.services.wiki_addresses import to_files
from app.services.wiki_paths import paths_of
from app.services.wiki_things import Thing, things_of


@dataclass(frozen=True)
class Exported:
    """A page as a file, with a line of history for each of its versions."""

    path: str
    text: str
    lines: list[str]


@dataclass(frozen=True)
class Parcel:
    """What goes: pages by their ids, with their paths and orders, and documents and images.

    `titles` are of the pages to which a link may lead, also those that do not go.
    """

    paths: Mapping[int, str]
    orders: Mapping[int, int]
    titles: Mapping[int, str]
    things: tuple[Thing, ...]

    @property
    def addresses(self) -> dict[str, str]:
        """Return where the files are, by where they are in Kring: `images/12`."""
        return {thing.address: thing.path for thing in self.things}

    @property
    def size(self) -> int:
        """Return how many bytes the documents and images have together."""
        return sum(thing.size for thing in self.things)


def parcel_of(of: Theme | WikiPage, reader: User | None = None) -> Parcel:
    """Return what goes of a theme, or of a page with all below it.

    What moderators hid stays behind, and what `reader` cannot read; None is who runs the server.
    """
    theme_id = of.id if isinstance(of, Theme) else of.theme_id or 0
    titles = select(WikiPage.id, WikiPage.title)
    pages: ColumnElement[bool] | None = None
    if reader is not None:
        pages = readable(reader, of)
        titles = titles.where(queries.are_pages(), visible_to(reader))
    paths = paths_of(theme_id, pages)
    return Parcel(
        paths, orders_of(paths), dict(db.session.execute(titles).all()),
        tuple(things_of(paths, reader)),
    )  # fmt: skip


def orders_of(paths: Mapping[int, str]) -> dict[int, int]:
    """Return the place of each page among its siblings, counted from 1; `paths` are in order."""
    parents = dict(
        db.session.execute(
            select(WikiPage.id, WikiPage.parent_id).where(WikiPage.id.in_(list(paths)))
        ).all()
    )
    counted: dict[int | None, int] = {}
    orders = {}
    for key in paths:
        above = parents[key] if parents[key] in paths else None
        orders[key] = counted[above] = counted.get(above, 0) + 1
    return orders


def export(parcel: Parcel) -> Iterator[Exported]:
    """Yield the pages; what each took of memory is let go."""
    addresses = parcel.addresses
    for key, path in sorted(parcel.paths.items(), key=lambda item: item[1]):
        page = db.session.scalars(queries.with_tags(key).options(joinedload(WikiPage.owner))).one()
        versions = db.session.scalars(
            select(Revision).where(Revision.content_id == key)
            .options(joinedload(Revision.author)).order_by(Revision.number)
        ).all()  # fmt: skip
        texts = []
        for revision in versions:
            last = revision is versions[-1]
            header = full_header(page, parcel.orders[key]) if last else Header(revision.title)
            body = to_files(revision.body.strip(), path, parcel.paths, parcel.titles, addresses)
            texts.append(front_matter.write(Document(header, body)))
        lines = [
            line(path, revision, source) for revision, source in zip(versions, texts, strict=True)
        ]
        yield Exported(path, texts[-1], lines)
        for thing in (*versions, page):
            db.session.expunge(thing)


def left_out(theme: Theme) -> int:
    """Count the pages that stay behind because moderators hid them."""
    hidden = queries.in_tree(theme.id) & WikiPage.hidden_at.is_not(None)
    return db.session.scalar(select(func.count()).select_from(WikiPage).where(hidden)) or 0


def full_header(page: WikiPage, order: int) -> Header:
    """Return all that a file says of a page beside its text."""
    standing = "" if page.standing is Standing.IN_FORCE else page.standing.value
    words = tuple(tag.name for tag in page.tags)
    owner = author_of(page.owner) if page.owner else ""
    return Header(
        page.title, words, order, standing, owner=owner, review_on=page.review_on
    )  # fmt: skip


def line(path: str, revision: Revision, source: str) -> str:
    """Return the line of JSON for one version."""
    values: dict[str, object] = {
        "path": path,
        "revision": revision.number,
        "date": local(revision.created_at).isoformat(),
        **import_authors.named(revision.author),
        "body": source,
    }
    if revision.note:
        values["note"] = revision.note
    return json.dumps(values, ensure_ascii=False)


def author_of(author: User) -> str:
    """Return the word that names someone in files."""
    return import_authors.named(author)["author"]
