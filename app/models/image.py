"""Images in texts: what was uploaded, in which sizes, and in which texts it stands."""

from datetime import datetime
from pathlib import PurePath
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base
from app.lib.clock import now
from app.lib.slugs import slugify
from app.models.types import Key, Moment, OptionalUserKey, UserKey
from app.models.user import User


class Image(Base):
    """An image that can stand in a text, written anew without what it told of its maker.

    `size` is in bytes, `width` and `height` in pixels. `sizes` holds the smaller ones, narrowest
    first, each as `{"width": 480, "sha256": "…", "size": 12345}`.
    """

    __tablename__ = "images"

    id: Mapped[Key]
    filename: Mapped[str] = mapped_column(String(150))
    alt: Mapped[str] = mapped_column(String(300))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    sizes: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    uploader_id: Mapped[UserKey]
    created_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)
    removed_by_id: Mapped[OptionalUserKey]

    uploader: Mapped[User] = relationship(foreign_keys="Image.uploader_id", lazy="raise_on_sql")

    @property
    def slug(self) -> str:
        """Return the readable part of its address, with the extension."""
        path = PurePath(self.filename)
        return f"{slugify(path.stem)}{path.suffix}"


class ImageUse(Base):
    """An image stands in a text, or did in an earlier version of it: who reads that, may see it.

    The text is a piece, a reply (then `content_id` is its piece) or a standing page.
    """

    __tablename__ = "image_uses"
    __table_args__ = (
        CheckConstraint("(content_id IS NULL) <> (page_id IS NULL)", name="one_text"),
        UniqueConstraint("image_id", "content_id", "comment_id"),
        UniqueConstraint("image_id", "page_id"),
    )

    id: Mapped[Key]
    image_id: Mapped[int] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"))
    content_id: Mapped[int | None] = mapped_column(
        ForeignKey("content.id", ondelete="CASCADE"), index=True
    )
    comment_id: Mapped[int | None] = mapped_column(
        ForeignKey("comments.id", ondelete="CASCADE"), index=True
    )
    page_id: Mapped[int | None] = mapped_column(ForeignKey("pages.id", ondelete="CASCADE"))
