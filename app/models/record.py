"""What the community remembers: notifications, mail to send, the log, settings."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base
from app.lib.clock import now
from app.models.content import Content
from app.models.group import Group
from app.models.knowledge import Proposal
from app.models.moderation import Case, Decision
from app.models.types import Key, LongText, Moment, OptionalUserKey, where_named
from app.models.user import User


class Notification(Base):
    """News for one member. New replies to one piece are bundled: `count` says how many."""

    __tablename__ = "notifications"
    __table_args__ = (
        Index("ix_notifications_inbox", "user_id", "read_at", "id"),
        *(
            where_named("notifications", name)
            for name in ("comment_id", "proposal_id", "decision_id", "case_id")
        ),
    )

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    verb: Mapped[str] = mapped_column(String(40))
    content_id: Mapped[int | None] = mapped_column(
        ForeignKey("content.id", ondelete="CASCADE"), index=True
    )
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"))
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposals.id", ondelete="CASCADE"))
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id", ondelete="CASCADE"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"))
    actor_id: Mapped[OptionalUserKey]
    message: Mapped[LongText]
    count: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    read_at: Mapped[datetime | None] = mapped_column(Moment)

    content: Mapped[Content | None] = relationship(lazy="raise_on_sql")
    proposal: Mapped[Proposal | None] = relationship(lazy="raise_on_sql")
    decision: Mapped[Decision | None] = relationship(lazy="raise_on_sql")
    case: Mapped[Case | None] = relationship(lazy="raise_on_sql")
    group: Mapped[Group | None] = relationship(lazy="raise_on_sql")
    actor: Mapped[User | None] = relationship(
        foreign_keys="Notification.actor_id", lazy="raise_on_sql"
    )


class OutgoingMail(Base):
    """A mail that leaves after its transaction; kept until it has been sent or given up."""

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        Index("ix_outgoing_mail_due", "sent_at", "failed_at", "next_try_at"),
        where_named("outgoing_mail", "failed_at"),
    )

    id: Mapped[Key]
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(250))
    body: Mapped[LongText]
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    next_try_at: Mapped[datetime] = mapped_column(Moment, default=now)
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    failed_at: Mapped[datetime | None] = mapped_column(Moment)
    error: Mapped[LongText]


class LogEntry(Base):
    """Who did what to what, why, when and from where. Rows are added, never changed.

    Names are copied as they were, so that the log still reads right when its subjects change;
    the database itself refuses to update or delete a row. `hash` is over the row and the hash of
    the row before it (app.services.log_chain), so that a change from outside shows.
    """

    __tablename__ = "log_entries"
    __table_args__ = (
        Index("ix_log_entries_action", "action", "id"),
        Index("ix_log_entries_actor", "actor_id", "id"),
    )

    id: Mapped[Key]
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    action: Mapped[str] = mapped_column(String(40))
    actor_id: Mapped[OptionalUserKey]
    actor_name: Mapped[str] = mapped_column(String(120))
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int | None]
    subject_label: Mapped[str] = mapped_column(String(250), default="")
    group_id: Mapped[int | None] = mapped_column(index=True)
    reason: Mapped[LongText]
    result: Mapped[str] = mapped_column(String(250), default="")
    address: Mapped[str] = mapped_column(String(45), default="")
    hash: Mapped[str] = mapped_column(String(64), default="", server_default="")


class LogHead(Base):
    """The end of the log: how many rows it has, and the hash of the last. There is one, with id 1.

    Who adds to the log holds this row, so that no two rows follow the same one.
    """

    __tablename__ = "log_heads"

    id: Mapped[Key]
    rows: Mapped[int] = mapped_column(default=0, server_default="0")
    hash: Mapped[str] = mapped_column(String(64), default="", server_default="")


class Setting(Base):
    """One value that the community set for itself."""

    __tablename__ = "settings"

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
