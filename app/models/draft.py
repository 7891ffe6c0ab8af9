"""What people are writing, kept before they send it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from app.lib.clock import now
from app.models.types import Key, Moment


class Draft(Base):
    """What someone has in a form that they have not sent; nobody else ever sees it.

    `place` names the form, such as `content:12:comment`; `path` is the page on which it stands, and
    `fields` what was filled in, by name. It outlives its piece, so that no text is lost with it.
    """

    __tablename__ = "drafts"
    __table_args__ = (
        UniqueConstraint("user_id", "place"),
        Index("ix_drafts_newest", "user_id", "updated_at", "id"),
    )

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    place: Mapped[str] = mapped_column(String(80))
    path: Mapped[str] = mapped_column(String(300))
    title: Mapped[str] = mapped_column(String(200), default="", server_default="")
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    content_id: Mapped[int | None] = mapped_column(
        ForeignKey("content.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    updated_at: Mapped[datetime] = mapped_column(Moment, default=now)
