"""Documents that belong to a piece; what is in them lies in files, by its hash."""

from datetime import datetime
from pathlib import PurePath

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base
from app.lib.clock import now
from app.lib.slugs import slugify
from app.models.comment import Comment
from app.models.content import Content
from app.models.types import Key, Moment, OptionalUserKey, UserKey
from app.models.user import User


def once(place: str, condition: str) -> Index:
    """Return the index by which the same document stands at a place at most once."""
    where = text(condition)
    return Index(
        f"uq_attachments_{place}", place, "sha256", unique=True,
        sqlite_where=where, postgresql_where=where,
    )  # fmt: skip


class Attachment(Base):
    """A document at a piece, or at a reply to it (`comment_id`), with a title of its own.

    `size` is in bytes. One that was removed keeps its row, so that the log can be understood; its
    file goes once no other row names the same content.
    """

    __tablename__ = "attachments"
    __table_args__ = (
        once("content_id", "removed_at IS NULL AND comment_id IS NULL"),
        once("comment_id", "removed_at IS NULL"),
    )

    id: Mapped[Key]
    content_id: Mapped[int] = mapped_column(
        ForeignKey("content.id", ondelete="CASCADE"), index=True
    )
    comment_id: Mapped[int | None] = mapped_column(
        ForeignKey("comments.id", ondelete="CASCADE"), index=True
    )
    title: Mapped[str] = mapped_column(String(200))
    filename: Mapped[str] = mapped_column(String(150))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    uploader_id: Mapped[UserKey]
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    download_count: Mapped[int] = mapped_column(default=0, server_default="0")
    removed_at: Mapped[datetime | None] = mapped_column(Moment)
    removed_by_id: Mapped[OptionalUserKey]

    content: Mapped[Content] = relationship(lazy="raise_on_sql")
    comment: Mapped[Comment | None] = relationship(lazy="raise_on_sql")
    uploader: Mapped[User] = relationship(
        foreign_keys="Attachment.uploader_id", lazy="raise_on_sql"
    )

    @property
    def slug(self) -> str:
        """Return the readable part of its address, with the extension."""
        path = PurePath(self.filename)
        return f"{slugify(path.stem)}{path.suffix}"
