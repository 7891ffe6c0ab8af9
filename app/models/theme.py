"""Themes (sub-areas of the profession) and keywords."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, String, Table, text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from app.models.types import Key, LongText, Moment


class Theme(Base):
    """A sub-area of the profession; its wiki is written by its specialists.

    With `four_eyes` what one of them writes counts once another one agrees. After `review_months`
    (0: never) someone must look whether a page in force still holds. While it is `premoderated`,
    members' discussions and replies in it are shown once a moderator has seen them.
    """

    __tablename__ = "themes"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(120), unique=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    description: Mapped[LongText]
    position: Mapped[int] = mapped_column(default=0)
    archived_at: Mapped[datetime | None] = mapped_column(Moment)
    four_eyes: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    premoderated: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    review_months: Mapped[int] = mapped_column(default=12, server_default="12")


class ThemeAlias(Base):
    """An address that a theme had before it was renamed or merged."""

    __tablename__ = "theme_aliases"

    slug: Mapped[str] = mapped_column(String(120), primary_key=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("themes.id", ondelete="CASCADE"), index=True)


class Tag(Base):
    """A keyword on pieces of content."""

    __tablename__ = "tags"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(60))
    slug: Mapped[str] = mapped_column(String(60), unique=True)


class TagAlias(Base):
    """What a keyword was called before it was renamed or merged: whoever uses it means the new one.

    A slug is that of a keyword or an old one. Should it be both, the keyword counts.
    """

    __tablename__ = "tag_aliases"

    slug: Mapped[str] = mapped_column(String(60), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tags.id", ondelete="CASCADE"), index=True)


content_tags = Table(
    "content_tags",
    Base.metadata,
    Column("content_id", ForeignKey("content.id", ondelete="CASCADE"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True, index=True),
)
