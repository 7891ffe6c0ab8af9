"""The wiki of a theme as files, in the form that the import reads."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.lib import front_matter
from app.lib.clock import local
from app.lib.front_matter import Document, Header
from app.models import Revision, Standing, Theme, User, WikiPage
from app.queries import wikis as queries
from app.services import import_authors
from app.services.wiki_addresses import to_files
from app.services.wiki_paths import paths_of


@dataclass(frozen=True)
class Exported:
    """A page as a file, with a line of history for each of its versions."""

    path: str
    text: str
    lines: list[str]


def export(theme: Theme) -> Iterator[Exported]:
    """Yield the pages in the tree of a theme; those that moderators hid stay behind."""
    paths = paths_of(theme.id)
    titles = dict(db.session.execute(select(WikiPage.id, WikiPage.title)).all())
    for key, path in sorted(paths.items(), key=lambda item: item[1]):
        page = db.session.scalars(queries.with_tags(key)).one()
        versions = db.session.scalars(
            select(Revision).where(Revision.content_id == key)
            .options(joinedload(Revision.author)).order_by(Revision.number)
        ).all()  # fmt: skip
        texts = []
        for revision in versions:
            header = full_header(page) if revision is versions[-1] else Header(revision.title)
            body = to_files(revision.body.strip(), path, paths, titles)
            texts.append(front_matter.write(Document(header, body)))
        lines = [
            line(path, revision, source) for revision, source in zip(versions, texts, strict=True)
        ]
        yield Exported(path, texts[-1], lines)
        db.session.expunge_all()


def left_out(theme: Theme) -> int:
    """Count the pages that `export` leaves behind."""
    shown = select(func.count()).select_from(WikiPage).where(queries.in_tree(theme.id))
    return (db.session.scalar(shown) or 0) - len(paths_of(theme.id))


def full_header(page: WikiPage) -> Header:
    """Return all that a file says of a page beside its text."""
    standing = "" if page.standing is Standing.IN_FORCE else page.standing.value
    words = tuple(tag.name for tag in page.tags)
    return Header(page.title, words, page.position, standing)


def line(path: str, revision: Revision, source: str) -> str:
    """Return the line of JSON for one version."""
    author = author_of(revision.author)
    values: dict[str, object] = {
        "path": path,
        "revision": revision.number,
        "date": local(revision.created_at).isoformat(),
        "author": author,
        "body": source,
    }
    if revision.author.name != import_authors.readable(author):
        values["author_name"] = revision.author.name
    if revision.note:
        values["note"] = revision.note
    return json.dumps(values, ensure_ascii=False)


def author_of(author: User) -> str:
    """Return the word that names an author in files."""
    if import_authors.is_import(author):
        return author.email.partition("@")[0]
    return author.handle
