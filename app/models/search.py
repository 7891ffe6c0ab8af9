"""What search knows of everything: where its words stand, and what people looked for."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from sqlalchemy import BigInteger, Date, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base

# An id is made of bits, so that the index alone knows kind and age: by descending id come names
# first (of which there are few), then all else from new to old.
SUBJECT_BITS = 26
KIND_BITS = 4
AT_BITS = 32
AT_SHIFT = SUBJECT_BITS + KIND_BITS
NAMED = 1 << (AT_SHIFT + AT_BITS)
AGE = NAMED - 1
"""What is left of an id without that first bit: in order of age."""

KINDS: Mapping[str, int] = {
    "discussion": 1, "wiki": 2, "comment": 3, "file": 4, "page": 5, "person": 6, "tag": 7,
    "theme": 8, "group": 9,
}  # fmt: skip
NAMES = frozenset({"person", "tag", "theme", "group"})
"""What is found by its name, whatever its age."""
PERSON_PARTS = ("", "job_title", "department", "expertise", "about", "phone", "email")
"""The name, and what of a profile can be found; each has readers of its own."""


def document_id(kind: str, subject_id: int, at: datetime | None = None, part: str = "") -> int:
    """Return the id of a document: of one subject (and one part of a person), at one second."""
    seconds = max(0, int(at.timestamp())) if at else 0
    if kind == "person":
        subject_id = subject_id * len(PERSON_PARTS) + PERSON_PARTS.index(part)
    subject = subject_id & ((1 << SUBJECT_BITS) - 1)
    made = min(seconds, (1 << AT_BITS) - 1) << AT_SHIFT | KINDS[kind] << SUBJECT_BITS | subject
    return made | NAMED if kind in NAMES else made


def age_id(at: datetime) -> int:
    """Return the least id, without the bit for names, of what is as new as this moment."""
    return max(0, int(at.timestamp())) << AT_SHIFT


def moment_of(document: int) -> datetime | None:
    """Return the moment in an id; None for what has none."""
    seconds = (document & AGE) >> AT_SHIFT
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def once(*columns: str) -> Index:
    """Return the index by which a subject has one document; others take no room in it."""
    condition = text(f"{columns[0]} IS NOT NULL")
    return Index(
        f"uq_search_documents_{columns[0]}", *columns, unique=True,
        sqlite_where=condition, postgresql_where=condition,
    )  # fmt: skip


def subject(key: str) -> Mapped[int | None]:
    """Return the column that names a subject of one kind; a document goes with its subject."""
    return mapped_column(ForeignKey(key, ondelete="CASCADE"))


class SearchDocument(Base):
    """One text that can be found; of `kind` (KINDS), with exactly one subject.

    Its words stand in the table `search_index` under the same id: FTS5 in SQLite, a tsvector in
    PostgreSQL. The text itself is not copied: what is shown of a hit is read from its subject.
    """

    __tablename__ = "search_documents"
    __table_args__ = (
        once("content_id"),
        once("comment_id"),
        once("attachment_id"),
        once("user_id", "part"),
        once("tag_id"),
        once("theme_id"),
        once("group_id"),
        once("page"),
    )

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=False
    )
    kind: Mapped[str] = mapped_column(String(20))
    part: Mapped[str] = mapped_column(String(20), default="", server_default="")
    content_id: Mapped[int | None] = subject("content.id")
    comment_id: Mapped[int | None] = subject("comments.id")
    attachment_id: Mapped[int | None] = subject("attachments.id")
    user_id: Mapped[int | None] = subject("users.id")
    tag_id: Mapped[int | None] = subject("tags.id")
    theme_id: Mapped[int | None] = subject("themes.id")
    group_id: Mapped[int | None] = subject("groups.id")
    page: Mapped[str | None] = mapped_column(String(40))


class SearchWord(Base):
    """A word that stood in what the whole community can read, for who misspells it.

    `sound` is what is left of it without what people often get wrong.
    """

    __tablename__ = "search_words"

    word: Mapped[str] = mapped_column(String(40), primary_key=True)
    sound: Mapped[str] = mapped_column(String(40), index=True)


class SearchTerm(Base):
    """What people looked for on a day, and how often in vain; not who did."""

    __tablename__ = "search_terms"

    term: Mapped[str] = mapped_column(String(80), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True, index=True)
    times: Mapped[int] = mapped_column(default=0, server_default="0")
    without_result: Mapped[int] = mapped_column(default=0, server_default="0")
