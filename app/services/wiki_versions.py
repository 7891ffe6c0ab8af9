"""Imported pages get their versions, one page at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from app.extensions import db
from app.lib import front_matter
from app.lib.clock import now
from app.lib.front_matter import BrokenFrontMatter, Document
from app.lib.wiki_folder import Note, PastVersion, Tell, name_of, shown
from app.models import Content, Revision, Status, User, WikiPage
from app.queries import wikis as queries
from app.services import import_authors, links, tags, text, wikis
from app.services.wiki_addresses import from_files
from app.services.wiki_import import IMPORTER, TITLE_LENGTH, Batch


@dataclass(frozen=True)
class Text:
    """What a version says, with our links in it."""

    title: str
    body: str


def nobody(_note: Note) -> None:
    """Hear what is not worth telling: what is wrong in a version of the past."""


def bring(batch: Batch, path: str) -> int:
    """Give a page the versions that it lacks, render it and show it; return how many were added.

    Raises app.lib.markdown.MarkdownRefused: then roll back, and `drop` the page if it is new.
    """
    wanted = queries.with_tags(batch.pages[path]).with_for_update(of=Content)
    page = db.session.scalars(wanted).one()
    remarks: list[Note] = []
    document = batch.files[path].document
    versions = lacking(batch, page, path, as_kept(batch, path, document, remarks.append))
    if not versions:
        return 0
    if page.status is Status.ARCHIVED:
        batch.tell(Note(shown(path), "in_bin"))
        return 0
    if not page.version:
        page.author, page.created_at = versions[0].author, versions[0].created_at or now()
        page.published_at, page.status = page.created_at, Status.PUBLISHED
    for version in versions:
        wikis.add_version(page, version)
    page.tags = tags.named(keywords(path, document, remarks.append))
    text.render_content(page, also=batch.fresh, writer=versions[-1].author)
    for remark in remarks:
        batch.tell(remark)
    return len(versions)


def as_kept(batch: Batch, path: str, document: Document, tell: Tell) -> Text:
    """Return a document as Kring keeps it."""
    title = document.header.title
    if len(title) > TITLE_LENGTH:
        tell(Note(shown(path), "long_title"))
    body = from_files(document.body, path, batch.pages, tell, batch.addresses)
    return Text(title[:TITLE_LENGTH].rstrip(), body)


def lacking(batch: Batch, page: WikiPage, path: str, wanted: Text) -> list[wikis.Version]:
    """Return the versions that a page lacks: newer ones of its history, and what its file says."""
    lines = newer_lines(batch, page, path)
    names = {import_authors.email_of(author) for author in (IMPORTER, *(x.author for x in lines))}
    authors = import_authors.by_email(names)
    versions = [made for line in lines if (made := past_version(batch, line, authors))]
    last = [Text(made.title, made.body) for made in versions[-1:]] or last_texts(page)
    if wanted not in last:
        author = authors[import_authors.email_of(IMPORTER)]
        versions.append(wikis.Version(wanted.title, wanted.body, author, created_at=now()))
    return versions


def newer_lines(batch: Batch, page: WikiPage, path: str) -> list[PastVersion]:
    """Return the lines of history from after the page's newest version; tell of unknown older ones."""
    lines = list(batch.history.get(path, ()))
    if not page.version:
        return lines
    kept = select(Revision.created_at).where(Revision.content_id == page.id)
    moments: set[datetime] = set(db.session.scalars(kept))
    newest = max(moments)
    older = [line for line in lines if line.date <= newest and line.date not in moments]
    if older:
        batch.tell(Note(shown(path), "older", str(len(older))))
    return [line for line in lines if line.date > newest]


def past_version(
    batch: Batch, line: PastVersion, authors: Mapping[str, User]
) -> wikis.Version | None:
    """Return the version of a line; None, and a note, when it cannot be read."""
    try:
        document = front_matter.read(line.body, name_of(line.path))
    except BrokenFrontMatter as error:
        place = f"{shown(line.path)} ({line.line})"
        batch.tell(Note(place, "front_matter", str(error)))
        return None
    kept = as_kept(batch, line.path, document, nobody)
    author = authors[import_authors.email_of(line.author)]
    return wikis.Version(kept.title, kept.body, author, line.note, line.date)


def last_texts(page: WikiPage) -> list[Text]:
    """Return what the page says, and what it said at its last import: neither is to be added again.

    So work that was done in Kring since then is not undone by running the same import again.
    """
    newest = select(Revision).where(Revision.content_id == page.id)
    newest = newest.order_by(Revision.number.desc()).limit(1)
    imported = newest.join(User, Revision.author_id == User.id).where(
        User.email.endswith(f"@{import_authors.DOMAIN}")
    )
    found = [*db.session.scalars(newest), *db.session.scalars(imported)]
    return [Text(revision.title, revision.body.strip()) for revision in found]


def keywords(path: str, document: Document, tell: Tell) -> list[str]:
    """Return the keywords that a page can have; tell which cannot be."""
    asked = document.header.keywords
    possible = [word for word in asked if tags.is_possible(word)]
    kept = possible[: tags.MOST]
    if left_out := [word for word in asked if word not in kept]:
        tell(Note(shown(path), "keywords_left_out", shown(", ".join(left_out))))
    return kept


def drop(batch: Batch, path: str) -> None:
    """Take away a new page that cannot be shown; those below it move up."""
    key = batch.pages.pop(path)
    batch.fresh.discard(key)
    page = db.session.scalars(queries.with_tags(key)).one()
    links.mark_stale([page])
    db.session.execute(
        update(WikiPage).where(WikiPage.parent_id == key).values(parent_id=page.parent_id)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    db.session.delete(page)


def finish(batch: Batch) -> None:
    """Let pieces that named these pages in vain be rendered anew."""
    titles = select(WikiPage.title).where(WikiPage.id.in_(batch.fresh))
    links.mark_hopeful(db.session.scalars(titles).all())
