"""Groups: the audience of a piece when that is not the whole community."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base
from app.lib.clock import now
from app.models.entry import RequestState
from app.models.types import Key, LongText, Moment, OptionalUserKey, enum_column
from app.models.user import Role, User


class GroupKind(StrEnum):
    """Who can read a group: everyone, its members only, or members while others don't see it."""

    OPEN = "open"
    CLOSED = "closed"
    HIDDEN = "hidden"


class GroupRole(StrEnum):
    """What a member is within a group."""

    MEMBER = "member"
    MODERATOR = "moderator"
    OWNER = "owner"


class Group(Base):
    """A circle of members with its own content.

    `description` is what outsiders read; `welcome` comes to who joins, `rules` add to the house
    rules, `question_text` is what a new discussion here begins with. Who holds `auto_role` belongs
    to it by itself. An archived group is read only. `checked_at` is when an owner last said that it
    lives, `check_asked_at` when they were last asked.
    """

    __tablename__ = "groups"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(120))
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[GroupKind] = enum_column(GroupKind)
    description: Mapped[LongText]
    welcome: Mapped[LongText]
    rules: Mapped[LongText]
    question_text: Mapped[LongText]
    is_support: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    premoderated: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    auto_role: Mapped[Role | None] = enum_column(Role, nullable=True)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    archived_at: Mapped[datetime | None] = mapped_column(Moment)
    checked_at: Mapped[datetime | None] = mapped_column(Moment)
    check_asked_at: Mapped[datetime | None] = mapped_column(Moment)

    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="group", cascade="all, delete-orphan", lazy="raise_on_sql"
    )


class Membership(Base):
    """A person in a group."""

    __tablename__ = "memberships"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"), primary_key=True, index=True)
    role: Mapped[GroupRole] = enum_column(GroupRole, default=GroupRole.MEMBER)
    joined_at: Mapped[datetime] = mapped_column(Moment, default=now)

    user: Mapped[User] = relationship(back_populates="memberships")
    group: Mapped[Group] = relationship(back_populates="memberships")


class GroupRequest(Base):
    """Someone asks to belong to a group, or is asked to: then `invited_by` says by whom."""

    __tablename__ = "group_requests"
    __table_args__ = (
        Index(
            "uq_group_requests_open", "group_id", "user_id", unique=True,
            sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'"),
        ),
    )  # fmt: skip

    id: Mapped[Key]
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    invited_by_id: Mapped[OptionalUserKey]
    message: Mapped[LongText]
    state: Mapped[RequestState] = enum_column(RequestState, default=RequestState.OPEN)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by_id: Mapped[OptionalUserKey]
    answer: Mapped[LongText]

    group: Mapped[Group] = relationship(lazy="raise_on_sql")
    user: Mapped[User] = relationship(foreign_keys="GroupRequest.user_id", lazy="raise_on_sql")
    invited_by: Mapped[User | None] = relationship(
        foreign_keys="GroupRequest.invited_by_id", lazy="raise_on_sql"
    )


class GlassBreak(Base):
    """An administrator looked into a group that is not theirs; its members see when and why."""

    __tablename__ = "glass_breaks"

    id: Mapped[Key]
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    reason: Mapped[LongText]
    opened_at: Mapped[datetime] = mapped_column(Moment, default=now)
    ends_at: Mapped[datetime] = mapped_column(Moment)

    user: Mapped[User] = relationship(lazy="raise_on_sql")
    group: Mapped[Group] = relationship(lazy="raise_on_sql")
