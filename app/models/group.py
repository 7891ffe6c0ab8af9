"""Groups: the audience of a piece when that is not the whole community."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base
from app.lib.clock import now
from app.models.types import Key, LongText, Moment, enum_column
from app.models.user import User


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
    """A circle of members with its own content."""

    __tablename__ = "groups"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(120))
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[GroupKind] = enum_column(GroupKind)
    description: Mapped[LongText]
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)

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
