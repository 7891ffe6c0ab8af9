"""What can be found is kept here, in the transaction in which a text is stored.

Who may read it is decided when someone searches: hiding, moving or leaving a group changes nothing
here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import delete, select, text
from sqlalchemy.dialects import postgresql, sqlite

from app.extensions import db
from app.lib.search_marks import STEM, facets, telling
from app.lib.search_text import MOST_WORDS, stem, words
from app.models import Attachment, Comment, Content, SearchDocument, User
from app.services import searches
from app.services.search_entries import Entry, Subject, column_of, entries_of, key_of, of_people

MOST_BYTES = 400_000
"""Of the words of one text: PostgreSQL keeps at most a megabyte of it, with stems and places."""
MOST_PLACES = 255
Row = dict[str, Any]
INTO: dict[str, Any] = {
    "sqlite": text(
        "INSERT INTO search_index (rowid, title, title_stems, body, body_stems)"
        " VALUES (:id, :title, :title_stems, :body, :body_stems)"
    ),
    "postgresql": text(
        "INSERT INTO search_index (id, words) VALUES (:id, CAST(:words AS tsvector))"
        " ON CONFLICT (id) DO UPDATE SET words = excluded.words"
    ),
}
INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def index(*subjects: Subject) -> None:
    """Let these be found by what they say now; a few statements for any number of one kind."""
    db.session.flush()
    keys: dict[str, list[int | str]] = {}
    for subject in subjects:
        keys.setdefault(column_of(subject), []).append(key_of(subject))
    for column, those in keys.items():
        drop_all(column, those)
    found = entries(subjects)
    add(found)
    searches.saw_words(words_for_all(found))


def moved(replies: Sequence[Comment]) -> None:
    """Let replies and their documents be found at the piece where they stand now."""
    keys = [reply.id for reply in replies]
    documents = select(Attachment).where(Attachment.comment_id.in_(keys))
    index(*replies, *db.session.scalars(documents))


def entries(subjects: Sequence[Subject]) -> list[Entry]:
    """Return what can be found of these."""
    people = [subject for subject in subjects if isinstance(subject, User)]
    others = (subject for subject in subjects if not isinstance(subject, User))
    found = list(of_people(people)) if people else []
    return found + [entry for subject in others for entry in entries_of(subject)]


def words_for_all(found: Iterable[Entry]) -> set[str]:
    """Return the telling words of texts that everyone may read, for who misspells them."""
    public = [entry for entry in found if entry.is_public]
    told = {word for entry in public for word in (*entry.title_words, *entry.body_words)}
    return {word for word in told if searches.is_telling(word)}


def drop(subject: Subject) -> None:
    """Let a subject be found no more, which is needed only when its row stays."""
    drop_all(column_of(subject), [key_of(subject)])


def drop_all(column: str, keys: Sequence[int | str]) -> None:
    """Forget the documents with these subjects; their words go with them."""
    here = getattr(SearchDocument, column)
    gone = delete(SearchDocument).where(here.in_(keys))
    db.session.execute(gone.execution_options(synchronize_session=False))


def redacted(changed: Iterable[Content | Comment], subject: Content | Comment, black: str) -> None:
    """Forget words that were blacked out: in texts, names of documents, and what was looked for."""
    piece_id = subject.id if isinstance(subject, Content) else subject.content_id
    documents = select(Attachment).where(Attachment.content_id == piece_id)
    index(*changed, *db.session.scalars(documents))
    searches.forget(words(black))


def add(entries: Sequence[Entry], ready: Mapping[Entry, Row] = MappingProxyType({})) -> None:
    """Keep texts that are not kept yet, in two statements; `ready` are rows made before."""
    if not entries:
        return
    kind = db.engine.dialect.name
    documents = [
        {"id": entry.id, "kind": entry.kind, "part": entry.part, entry.column: entry.subject}
        for entry in entries
    ]
    columns = dict.fromkeys(key for document in documents for key in document)
    rows = [{column: document.get(column) for column in columns} for document in documents]
    document = SearchDocument.__table__
    db.session.execute(INSERT[kind](document).on_conflict_do_nothing(), rows)
    db.session.execute(INTO[kind], [ready.get(entry) or row_of(entry) for entry in entries])


def row_of(entry: Entry) -> Row:
    """Return what `search_index` keeps of a text."""
    return sqlite_row(entry) if db.engine.dialect.name == "sqlite" else postgres_row(entry)


def counted(found: list[str]) -> list[str]:
    """Return the words that count: as many as both databases can keep."""
    if len(found) * 2 < MOST_WORDS:
        return found
    kept, size = [], 0
    for word in found[:MOST_WORDS]:
        size += len(word.encode())
        if size > MOST_BYTES:
            break
        kept.append(word)
    return kept


def stems(found: Iterable[str]) -> Iterator[str]:
    """Yield the stems that differ from their words, each as often as it occurs."""
    return (root for word in found if (root := stem(word)) != word)


def marks(entry: Entry, title: Sequence[str], body: Sequence[str]) -> Iterator[str]:
    """Yield the words that stand beside those of the text."""
    yield from telling(title, body)
    yield from facets(entry.kind, entry.author, entry.piece)


def sqlite_row(entry: Entry) -> Row:
    """Return the row of `search_index`: words, and their stems and marks beside them."""
    title, body = entry.title_words, counted(entry.body_words)
    return {
        "id": entry.id, "title": " ".join(title), "title_stems": " ".join(stems(title)),
        "body": " ".join(body),
        "body_stems": " ".join((*stems(body), *marks(entry, title, body))),
    }  # fmt: skip


def postgres_row(entry: Entry) -> Row:
    """Return the row of `search_index`: words and marked stems with their places, and marks.

    No phrase begins in the title and ends in the text.
    """
    title, body = entry.title_words, counted(entry.body_words)
    places: dict[str, list[str]] = {}
    for found, first in ((title, 1), (body, len(title) + 2)):
        for place, word in enumerate(found, first):
            here = str(place)
            places.setdefault(word, []).append(here)
            if (root := stem(word)) != word:
                places.setdefault(STEM + root, []).append(here)
    lexemes = [f"'{word}':{','.join(at[:MOST_PLACES])}" for word, at in places.items()]
    lexemes += [f"'{mark}'" for mark in marks(entry, title, body)]
    return {"id": entry.id, "words": " ".join(lexemes)}
