"""Content: one base table with all that lists, queues and feeds need; a type adds its own."""

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base
from app.lib.clock import now
from app.models.group import Group
from app.models.theme import Tag, Theme, content_tags
from app.models.types import Key, LongText, Moment, OptionalUserKey, UserKey, enum_column
from app.models.user import User


class Status(StrEnum):
    """How far the author's side is with a piece; hiding is the moderator's and stands apart."""

    DRAFT = "draft"
    PENDING = "pending"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class Content(Base):
    """A piece: what a list, a notification, a moderation queue or the desk needs of it.

    `comment_count` counts replies that are shown, `other_comment_count` those of them by someone
    other than the author, `last_position` every reply ever placed, so that page numbers stay right.
    `version` is the number of the newest revision. `first_answer_at` is when someone else than the
    author first replied. One that was `held_at` waits, hidden, until a moderator has seen it. While
    it is slow, a member replies once in `slow_minutes`.
    """

    __tablename__ = "content"
    __table_args__ = (
        Index("ix_content_activity", "last_active_at", "id"),
        Index("ix_content_kind_activity", "kind", "last_active_at", "id"),
        Index("ix_content_theme_activity", "theme_id", "last_active_at", "id"),
        Index("ix_content_theme_published", "theme_id", "published_at", "id"),
        Index("ix_content_author_activity", "author_id", "last_active_at", "id"),
        Index("ix_content_slug", "slug"),
        Index(
            "ix_content_stale",
            "id",
            sqlite_where=text("renderer = 0"),
            postgresql_where=text("renderer = 0"),
        ),
        Index(
            "ix_content_unanswered",
            "kind",
            "published_at",
            "id",
            sqlite_where=text("other_comment_count = 0"),
            postgresql_where=text("other_comment_count = 0"),
        ),
        Index(
            "ix_content_pinned",
            "kind",
            "pinned_until",
            sqlite_where=text("pinned_until IS NOT NULL"),
            postgresql_where=text("pinned_until IS NOT NULL"),
        ),
        Index(
            "ix_content_held",
            "held_at",
            sqlite_where=text("held_at IS NOT NULL"),
            postgresql_where=text("held_at IS NOT NULL"),
        ),
        Index(
            "ix_content_featured",
            "featured_at",
            "id",
            sqlite_where=text("featured_at IS NOT NULL"),
            postgresql_where=text("featured_at IS NOT NULL"),
        ),
        Index("ix_content_group_activity", "group_id", "last_active_at", "id"),
        UniqueConstraint("author_id", "submission_key"),
    )

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    slug: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(300), default="", server_default="")
    renderer: Mapped[int] = mapped_column(default=0, server_default="0")
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id"))
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("themes.id"))
    status: Mapped[Status] = enum_column(Status, default=Status.PUBLISHED)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    last_active_at: Mapped[datetime] = mapped_column(Moment, default=now)
    edited_at: Mapped[datetime | None] = mapped_column(Moment)
    edited_by_id: Mapped[OptionalUserKey]
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
    hidden_at: Mapped[datetime | None] = mapped_column(Moment)
    hidden_by_id: Mapped[OptionalUserKey]
    hidden_reason: Mapped[LongText]
    held_at: Mapped[datetime | None] = mapped_column(Moment)
    locked_at: Mapped[datetime | None] = mapped_column(Moment)
    locked_until: Mapped[datetime | None] = mapped_column(Moment)
    locked_reason: Mapped[LongText]
    slow_minutes: Mapped[int | None]
    slow_until: Mapped[datetime | None] = mapped_column(Moment)
    slow_reason: Mapped[LongText]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("content.id"), index=True)
    pinned_until: Mapped[datetime | None] = mapped_column(Moment)
    featured_at: Mapped[datetime | None] = mapped_column(Moment)
    comment_count: Mapped[int] = mapped_column(default=0, server_default="0")
    other_comment_count: Mapped[int] = mapped_column(default=0, server_default="0")
    last_position: Mapped[int] = mapped_column(default=0, server_default="0")
    last_comment_at: Mapped[datetime | None] = mapped_column(Moment)
    first_answer_at: Mapped[datetime | None] = mapped_column(Moment)
    like_count: Mapped[int] = mapped_column(default=0, server_default="0")
    helped_count: Mapped[int] = mapped_column(default=0, server_default="0")
    view_count: Mapped[int] = mapped_column(default=0, server_default="0")
    attachment_count: Mapped[int] = mapped_column(default=0, server_default="0")
    version: Mapped[int] = mapped_column(default=0, server_default="0")
    submission_key: Mapped[str | None] = mapped_column(String(36))
    # Last, because SQLite reads a row up to what is asked for: lists ask for neither.
    body: Mapped[LongText]
    body_html: Mapped[LongText]

    author: Mapped[User] = relationship(foreign_keys="Content.author_id", lazy="raise_on_sql")
    edited_by: Mapped[User | None] = relationship(
        foreign_keys="Content.edited_by_id", lazy="raise_on_sql"
    )
    group: Mapped[Group | None] = relationship(lazy="raise_on_sql")
    theme: Mapped[Theme | None] = relationship(lazy="raise_on_sql")
    tags: Mapped[list[Tag]] = relationship(
        secondary=content_tags, order_by=Tag.name, lazy="raise_on_sql"
    )

    allows_comments: ClassVar[bool] = True
    folder: ClassVar[str] = ""

    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_abstract": True}

    @property
    def is_locked(self) -> bool:
        """Tell whether no replies can be added now; a timed lock opens by itself."""
        return self.locked_at is not None and (
            self.locked_until is None or self.locked_until > now()
        )

    @property
    def is_slow(self) -> bool:
        """Tell whether members must wait between two replies now."""
        return self.slow_minutes is not None and (
            self.slow_until is None or self.slow_until > now()
        )

    @property
    def is_pinned(self) -> bool:
        """Tell whether this piece stands on top of its list now."""
        return self.pinned_until is not None and self.pinned_until > now()


def folder_of(kind: str) -> str:
    """Return the room in which pieces of a kind have their pages."""
    folder: str = Content.__mapper__.polymorphic_map[kind].class_.folder
    return folder


def kinds_in(folders: Collection[str]) -> list[str]:
    """Return the kinds of piece that have their pages in these rooms."""
    kinds = Content.__mapper__.polymorphic_map.items()
    return [kind for kind, mapper in kinds if mapper.class_.folder in folders]


class Discussion(Content):
    """A question or a topic that members answer together."""

    __tablename__ = "discussions"

    id: Mapped[int] = mapped_column(ForeignKey("content.id", ondelete="CASCADE"), primary_key=True)
    is_question: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id", ondelete="SET NULL"))
    summary_comment_id: Mapped[int | None] = mapped_column(
        ForeignKey("comments.id", ondelete="SET NULL")
    )

    folder = "discussions"

    __mapper_args__ = {"polymorphic_identity": "discussion"}


class Standing(StrEnum):
    """Whether what a wiki page says is agreed: a concept, offered for adoption, in force, expired."""

    CONCEPT = "concept"
    OFFERED = "offered"
    IN_FORCE = "in_force"
    EXPIRED = "expired"


class WikiPage(Content):
    """What is agreed, written by the specialists of its theme, with every version kept.

    `source_path` is the file that an import made it from, unique within its theme. A page in the bin
    (status archived) has in `bin_id` the page with which it was thrown away: itself, or one above it.
    A page that another specialist must adopt before members see it has the status pending.
    `review_on` is the day on which someone must look whether it still holds.
    """

    __tablename__ = "wiki_pages"

    id: Mapped[int] = mapped_column(ForeignKey("content.id", ondelete="CASCADE"), primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("wiki_pages.id"), index=True)
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    standing: Mapped[Standing] = enum_column(Standing, default=Standing.IN_FORCE)
    owner_id: Mapped[OptionalUserKey]
    toc_html: Mapped[LongText]
    source_path: Mapped[str | None] = mapped_column(String(400), index=True)
    bin_id: Mapped[int | None] = mapped_column(ForeignKey("wiki_pages.id"), index=True)
    archived_at: Mapped[datetime | None] = mapped_column(Moment)
    archived_by_id: Mapped[OptionalUserKey]
    offered_at: Mapped[datetime | None] = mapped_column(Moment)
    offered_by_id: Mapped[OptionalUserKey]
    adopted_at: Mapped[datetime | None] = mapped_column(Moment)
    adopted_by_id: Mapped[OptionalUserKey]
    reviewed_at: Mapped[datetime | None] = mapped_column(Moment)
    reviewed_by_id: Mapped[OptionalUserKey]
    review_on: Mapped[date | None] = mapped_column(index=True)
    reminded_at: Mapped[datetime | None] = mapped_column(Moment)

    owner: Mapped[User | None] = relationship(foreign_keys="WikiPage.owner_id", lazy="raise_on_sql")
    archived_by: Mapped[User | None] = relationship(
        foreign_keys="WikiPage.archived_by_id", lazy="raise_on_sql"
    )
    offered_by: Mapped[User | None] = relationship(
        foreign_keys="WikiPage.offered_by_id", lazy="raise_on_sql"
    )
    adopted_by: Mapped[User | None] = relationship(
        foreign_keys="WikiPage.adopted_by_id", lazy="raise_on_sql"
    )
    reviewed_by: Mapped[User | None] = relationship(
        foreign_keys="WikiPage.reviewed_by_id", lazy="raise_on_sql"
    )

    allows_comments = False
    folder = "wikis"

    __mapper_args__ = {
        "polymorphic_identity": "wiki",
        "inherit_condition": id == Content.__table__.c.id,  # noqa: A003  # the column, not the builtin
    }


class WikiLink(Base):
    """A `[[Title]]` in a piece; `target_id` keeps it right when the target is renamed.

    `title` is folded: single spaces, no capitals; or `kring:content/12` for a link by number.
    """

    __tablename__ = "wiki_links"

    source_id: Mapped[int] = mapped_column(
        ForeignKey("content.id", ondelete="CASCADE"), primary_key=True
    )
    title: Mapped[str] = mapped_column(String(200), primary_key=True, index=True)
    target_id: Mapped[int | None] = mapped_column(
        ForeignKey("wiki_pages.id", ondelete="CASCADE"), index=True
    )


class EditNotice(Base):
    """Someone has this piece open for editing; others are told so before they begin."""

    __tablename__ = "edit_notices"

    content_id: Mapped[int] = mapped_column(
        ForeignKey("content.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(Moment, default=now)

    user: Mapped[User] = relationship()


class ContentView(Base):
    """A member read a piece on a day; counted once a day."""

    __tablename__ = "content_views"

    content_id: Mapped[int] = mapped_column(
        ForeignKey("content.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    day: Mapped[str] = mapped_column(String(10), primary_key=True)


class Revision(Base):
    """A version of a piece or of a reply, numbered from 1 within its subject."""

    __tablename__ = "revisions"
    __table_args__ = (
        UniqueConstraint("content_id", "number"),
        UniqueConstraint("comment_id", "number"),
    )

    id: Mapped[Key]
    content_id: Mapped[int | None] = mapped_column(ForeignKey("content.id", ondelete="CASCADE"))
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200), default="", server_default="")
    body: Mapped[LongText]
    author_id: Mapped[UserKey]
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    note: Mapped[str] = mapped_column(String(300), default="", server_default="")

    author: Mapped[User] = relationship(lazy="raise_on_sql")
