"""How knowledge gets into the wiki and stays right: proposals, sources, reviews, doubts, templates."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base
from app.lib.clock import now
from app.models.comment import Comment
from app.models.content import Content, WikiPage
from app.models.theme import Theme
from app.models.types import (
    Key,
    LongText,
    Moment,
    OptionalUserKey,
    UserKey,
    enum_column,
    where_named,
)
from app.models.user import User


class ProposalState(StrEnum):
    """Where a proposal stands: waiting, in the wiki, turned down, or taken back by its writer."""

    OPEN = "open"
    TAKEN = "taken"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Proposal(Base):
    """What a member proposes for the wiki of a theme: a new page, or another text of `page`.

    `base_version` is the version of the page that the proposer saw. `source` and `source_comment`
    tell from which piece, and which reply to it, a new page comes. `page_id` of a taken proposal is
    the page that it became or changed, in version `revision_number`.
    """

    __tablename__ = "proposals"
    __table_args__ = (
        Index("ix_proposals_queue", "theme_id", "state", "id"),
        Index("ix_proposals_page", "page_id", "state"),
        Index("ix_proposals_state", "state", "created_at"),
        UniqueConstraint("proposer_id", "submission_key"),
        where_named("proposals", "source_comment_id"),
    )

    id: Mapped[Key]
    theme_id: Mapped[int] = mapped_column(ForeignKey("themes.id"))
    page_id: Mapped[int | None] = mapped_column(ForeignKey("wiki_pages.id", ondelete="CASCADE"))
    base_version: Mapped[int] = mapped_column(default=0, server_default="0")
    source_id: Mapped[int | None] = mapped_column(
        ForeignKey("content.id", ondelete="SET NULL"), index=True
    )
    source_comment_id: Mapped[int | None] = mapped_column(
        ForeignKey("comments.id", ondelete="SET NULL")
    )
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[LongText]
    note: Mapped[str] = mapped_column(String(300), default="", server_default="")
    proposer_id: Mapped[UserKey]
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    state: Mapped[ProposalState] = enum_column(ProposalState, default=ProposalState.OPEN)
    decided_by_id: Mapped[OptionalUserKey]
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[LongText]
    revision_number: Mapped[int | None]
    submission_key: Mapped[str | None] = mapped_column(String(36))

    theme: Mapped[Theme] = relationship(lazy="raise_on_sql")
    page: Mapped[WikiPage | None] = relationship(
        foreign_keys="Proposal.page_id", lazy="raise_on_sql"
    )
    source: Mapped[Content | None] = relationship(
        foreign_keys="Proposal.source_id", lazy="raise_on_sql"
    )
    source_comment: Mapped[Comment | None] = relationship(lazy="raise_on_sql")
    proposer: Mapped[User] = relationship(foreign_keys="Proposal.proposer_id", lazy="raise_on_sql")
    decided_by: Mapped[User | None] = relationship(
        foreign_keys="Proposal.decided_by_id", lazy="raise_on_sql"
    )


class PageSource(Base):
    """A wiki page came from a piece: shown at both ends to those who can read the other."""

    __tablename__ = "page_sources"

    page_id: Mapped[int] = mapped_column(
        ForeignKey("wiki_pages.id", ondelete="CASCADE"), primary_key=True
    )
    source_id: Mapped[int] = mapped_column(
        ForeignKey("content.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)


class Credit(Base):
    """Someone contributed to a wiki page without writing a version of it."""

    __tablename__ = "credits"

    page_id: Mapped[int] = mapped_column(
        ForeignKey("wiki_pages.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)

    user: Mapped[User] = relationship(lazy="raise_on_sql")


class Review(Base):
    """Someone looked at a version of a wiki page and found that it holds; `next_on`: until when."""

    __tablename__ = "reviews"
    __table_args__ = (Index("ix_reviews_page", "page_id", "id"),)

    id: Mapped[Key]
    page_id: Mapped[int] = mapped_column(ForeignKey("wiki_pages.id", ondelete="CASCADE"))
    version: Mapped[int]
    reviewer_id: Mapped[UserKey]
    reviewed_at: Mapped[datetime] = mapped_column(Moment, default=now)
    next_on: Mapped[date | None]

    reviewer: Mapped[User] = relationship(lazy="raise_on_sql")


class Doubt(Base):
    """A reader says in a line that a wiki page is no longer right, about the version they read."""

    __tablename__ = "doubts"
    __table_args__ = (Index("ix_doubts_page", "page_id", "settled_at"),)

    id: Mapped[Key]
    page_id: Mapped[int] = mapped_column(ForeignKey("wiki_pages.id", ondelete="CASCADE"))
    version: Mapped[int]
    doubter_id: Mapped[UserKey]
    line: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    settled_by_id: Mapped[OptionalUserKey]
    answer: Mapped[str] = mapped_column(String(300), default="", server_default="")

    page: Mapped[WikiPage] = relationship(lazy="raise_on_sql")
    doubter: Mapped[User] = relationship(foreign_keys="Doubt.doubter_id", lazy="raise_on_sql")
    settled_by: Mapped[User | None] = relationship(
        foreign_keys="Doubt.settled_by_id", lazy="raise_on_sql"
    )


class Template(Base):
    """A text to begin with, for a new piece in a room (`folder`); of one theme, or of all.

    One that ships with Kring has a `key`: the row is there once the manager changed it.
    """

    __tablename__ = "templates"

    id: Mapped[Key]
    key: Mapped[str | None] = mapped_column(String(40), unique=True)
    folder: Mapped[str] = mapped_column(String(20))
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("themes.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(String(300), default="", server_default="")
    body: Mapped[LongText]
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    archived_at: Mapped[datetime | None] = mapped_column(Moment)

    theme: Mapped[Theme | None] = relationship(lazy="raise_on_sql")
