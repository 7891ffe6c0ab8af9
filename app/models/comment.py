"""Replies, and what members add to pieces and replies: likes, follows, bookmarks."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base
from app.lib.clock import now
from app.models.content import Content
from app.models.types import Key, LongText, Moment, OptionalUserKey, UserKey, enum_column
from app.models.user import User

ONE_SUBJECT = "(content_id IS NULL) <> (comment_id IS NULL)"


class Comment(Base):
    """A reply. `position` counts from 1 within the piece; only a transfer gives it another.

    Position 0 is the empty place of one that became the opening: its address leads there.

    One that was `held_at` waits, hidden, until a moderator has seen it.
    """

    __tablename__ = "comments"
    __table_args__ = (
        UniqueConstraint("content_id", "position"),
        UniqueConstraint("author_id", "submission_key"),
        Index(
            "ix_comments_held", "held_at",
            sqlite_where=text("held_at IS NOT NULL"),
            postgresql_where=text("held_at IS NOT NULL"),
        ),
    )  # fmt: skip

    id: Mapped[Key]
    content_id: Mapped[int] = mapped_column(ForeignKey("content.id", ondelete="CASCADE"))
    position: Mapped[int]
    author_id: Mapped[UserKey]
    body: Mapped[LongText]
    body_html: Mapped[LongText]
    renderer: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    edited_at: Mapped[datetime | None] = mapped_column(Moment)
    edited_by_id: Mapped[OptionalUserKey]
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
    hidden_at: Mapped[datetime | None] = mapped_column(Moment)
    hidden_by_id: Mapped[OptionalUserKey]
    hidden_reason: Mapped[LongText]
    held_at: Mapped[datetime | None] = mapped_column(Moment)
    like_count: Mapped[int] = mapped_column(default=0, server_default="0")
    helped_count: Mapped[int] = mapped_column(default=0, server_default="0")
    attachment_count: Mapped[int] = mapped_column(default=0, server_default="0")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    submission_key: Mapped[str | None] = mapped_column(String(36))

    content: Mapped[Content] = relationship(lazy="raise_on_sql")
    author: Mapped[User] = relationship(foreign_keys="Comment.author_id", lazy="raise_on_sql")
    edited_by: Mapped[User | None] = relationship(
        foreign_keys="Comment.edited_by_id", lazy="raise_on_sql"
    )


class Like(Base):
    """An appreciation of one piece or one reply; liking twice likes once."""

    __tablename__ = "likes"
    __table_args__ = (
        CheckConstraint(ONE_SUBJECT, name="one_subject"),
        UniqueConstraint("user_id", "content_id"),
        UniqueConstraint("user_id", "comment_id"),
    )

    id: Mapped[Key]
    user_id: Mapped[UserKey]
    content_id: Mapped[int | None] = mapped_column(
        ForeignKey("content.id", ondelete="CASCADE"), index=True
    )
    comment_id: Mapped[int | None] = mapped_column(
        ForeignKey("comments.id", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)

    user: Mapped[User] = relationship(lazy="raise_on_sql")


class Helped(Base):
    """Someone says that a piece or a reply helped them, and in `line` how, if they like."""

    __tablename__ = "helped"
    __table_args__ = (
        CheckConstraint(ONE_SUBJECT, name="one_subject"),
        UniqueConstraint("user_id", "content_id"),
        UniqueConstraint("user_id", "comment_id"),
        Index("ix_helped_newest", "created_at", "id"),
    )

    id: Mapped[Key]
    user_id: Mapped[UserKey]
    content_id: Mapped[int | None] = mapped_column(
        ForeignKey("content.id", ondelete="CASCADE"), index=True
    )
    comment_id: Mapped[int | None] = mapped_column(
        ForeignKey("comments.id", ondelete="CASCADE"), index=True
    )
    line: Mapped[str] = mapped_column(String(300), default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)

    user: Mapped[User] = relationship(lazy="raise_on_sql")
    content: Mapped[Content | None] = relationship(lazy="raise_on_sql")
    comment: Mapped[Comment | None] = relationship(lazy="raise_on_sql")


class FollowLevel(StrEnum):
    """Of what a follower of a piece hears: all, changes to its text only, or nothing at all."""

    ALL = "all"
    CHANGES = "changes"
    NOTHING = "nothing"


class Follow(Base):
    """A member wants to hear of news of a piece; or, at the level of nothing, surely not."""

    __tablename__ = "follows"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    content_id: Mapped[int] = mapped_column(
        ForeignKey("content.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    level: Mapped[FollowLevel] = enum_column(
        FollowLevel, default=FollowLevel.ALL, server_default=FollowLevel.ALL.value
    )
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)


class Bookmark(Base):
    """A member keeps a piece to find it back; nobody else sees that."""

    __tablename__ = "bookmarks"
    __table_args__ = (Index("ix_bookmarks_newest", "user_id", "created_at", "content_id"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    content_id: Mapped[int] = mapped_column(
        ForeignKey("content.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
