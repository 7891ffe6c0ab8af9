"""What search keeps of each thing: its name, its text, and who belongs with it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cached_property
from typing import Any

from sqlalchemy import Row, select

from app.extensions import db
from app.lib.markdown.excerpt import plain_text
from app.lib.search_text import words
from app.models import (
    Attachment,
    Comment,
    Content,
    Department,
    Expertise,
    Group,
    Tag,
    Theme,
    User,
)
from app.models.search import PERSON_PARTS, document_id
from app.queries.page_texts import NAMES, PageText

Subject = Content | Comment | Attachment | User | Tag | Theme | Group | PageText
COLUMNS: dict[type[Any], str] = {
    Content: "content_id", Comment: "comment_id", Attachment: "attachment_id", User: "user_id",
    Tag: "tag_id", Theme: "theme_id", Group: "group_id", PageText: "page",
}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One text that can be found. `column` names its subject; `is_public` when all can read it.

    `author` and `piece` are the ids of who wrote it and of the piece where it stands.
    """

    kind: str
    column: str
    subject: int | str
    subject_id: int
    at: datetime | None
    title: str
    body: str = ""
    part: str = ""
    is_public: bool = False
    author: int | None = None
    piece: int | None = None

    @property
    def id(self) -> int:
        """Return the id of its document."""
        return document_id(self.kind, self.subject_id, self.at, self.part)

    @cached_property
    def title_words(self) -> list[str]:
        """Return the words of its name."""
        return words(self.title)

    @cached_property
    def body_words(self) -> list[str]:
        """Return the words of its text."""
        return words(self.body)


def column_of(subject: Subject) -> str:
    """Return the column of SearchDocument that names a subject."""
    return next(column for model, column in COLUMNS.items() if isinstance(subject, model))


def key_of(subject: Subject) -> int | str:
    """Return the value in that column."""
    return subject.name if isinstance(subject, PageText) else subject.id


def entries_of(subject: Subject) -> Iterator[Entry]:
    """Yield what can be found of a subject: nothing of a document that was removed.

    A reply needs its `content` only to tell whether all can read it.
    """
    match subject:
        case Content() | Comment() if subject.held_at is not None:
            return  # it is not there for others yet
        case Content():
            yield of_piece(subject)
        case Comment():
            yield of_reply(subject)
        case Attachment():
            yield from of_document(subject)
        case User():
            yield from of_people([subject])
        case PageText():
            yield from of_page(subject)
        case _:
            yield of_name(subject)


def of_name(subject: Tag | Theme | Group) -> Entry:
    """Return what can be found of a keyword, a theme or a group."""
    key = subject.id
    if isinstance(subject, Tag):
        return Entry("tag", "tag_id", key, key, None, subject.name)
    if isinstance(subject, Theme):
        text = subject.name, subject.description
        return Entry("theme", "theme_id", key, key, None, *text, is_public=True)
    text = subject.name, subject.description
    return Entry("group", "group_id", key, key, subject.created_at, *text)


def of_document(attachment: Attachment) -> Iterator[Entry]:
    """Yield title and filename, unless the document was removed."""
    if attachment.removed_at is None:
        yield Entry(
            "file", "attachment_id", attachment.id, attachment.id, attachment.created_at,
            attachment.title, attachment.filename,
            author=attachment.uploader_id, piece=attachment.content_id,
        )  # fmt: skip


def of_piece(piece: Content) -> Entry:
    """Return what can be found of a piece."""
    at = piece.published_at or piece.created_at
    return Entry(
        piece.kind, "content_id", piece.id, piece.id, at, piece.title, plain_text(piece.body_html),
        is_public=piece.group_id is None, author=piece.author_id, piece=piece.id,
    )  # fmt: skip


def of_reply(reply: Comment) -> Entry:
    """Return what can be found of a reply."""
    piece = reply.__dict__.get("content")
    return reply_entry(reply, is_public=piece is not None and piece.group_id is None)


def of_reply_row(row: Row[Any]) -> Entry:
    """Return the same for a row with the columns of a reply and the group of its piece."""
    return reply_entry(row, is_public=row.group_id is None)


def reply_entry(reply: Any, *, is_public: bool) -> Entry:
    """Return the entry of a reply or its row."""
    return Entry(
        "comment", "comment_id", reply.id, reply.id, reply.created_at, "",
        plain_text(reply.body_html), is_public=is_public, author=reply.author_id,
        piece=reply.content_id,
    )  # fmt: skip


def of_people(people: Sequence[User]) -> Iterator[Entry]:
    """Yield of everyone the name, and each part of a profile on its own: it may have other readers.

    Two statements, however many people.
    """
    keys = [person.id for person in people]
    named = select(Expertise.user_id, Expertise.name).where(Expertise.user_id.in_(keys))
    knows: dict[int, list[str]] = {}
    for key, name in db.session.execute(named.order_by(Expertise.slug)):
        knows.setdefault(key, []).append(name)
    of = {person.department_id for person in people if person.department_id}
    units = select(Department.id, Department.name).where(Department.id.in_(of))
    rows = db.session.execute(units) if of else ()
    names: dict[int, str] = {row.id: row.name for row in rows}
    for person in people:
        unit = names.get(person.department_id or 0, "")
        yield from of_person(person, unit, ", ".join(knows.get(person.id, ())))


def of_person(person: User, department: str, expertise: str) -> Iterator[Entry]:
    """Yield the name of a person, and what they told of themselves."""
    texts = {
        "": "", "job_title": person.job_title, "department": department, "expertise": expertise,
        "about": person.about, "phone": person.phone, "email": person.email,
    }  # fmt: skip
    for part in PERSON_PARTS:
        if texts[part] or not part:
            yield Entry("person", "user_id", person.id, person.id, person.created_at, person.name,
                        texts[part], part, is_public=not part)  # fmt: skip


def of_page(page: PageText) -> Iterator[Entry]:
    """Yield the text of a standing page."""
    at = page.edited_at or datetime.combine(page.in_force, time(), UTC)
    number = NAMES.index(page.name)
    yield Entry("page", "page", page.name, number, at, page.title, plain_text(page.html),
                is_public=True)  # fmt: skip
