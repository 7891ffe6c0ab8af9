"""How people get in: invitations, requests, agreements, and another address."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base
from app.lib.clock import now
from app.models.types import Key, LongText, Moment, OptionalUserKey, enum_column
from app.models.user import User


class Invitation(Base):
    """A link by mail that makes one account, for one address; only the hash of its token is kept.

    Nobody invited who got in by the domain of their address: `invited_by_id` is empty then.
    `user_id` is the account that it made, or, before that, one without a password that it opens.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        Index(
            "uq_invitations_open", "email", unique=True,
            sqlite_where=text("accepted_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=text("accepted_at IS NULL AND withdrawn_at IS NULL"),
        ),
        Index("ix_invitations_newest", "sent_at", "id"),
        Index("ix_invitations_email", "email"),
    )  # fmt: skip

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(120), default="", server_default="")
    message: Mapped[LongText]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by_id: Mapped[OptionalUserKey]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    sent_at: Mapped[datetime] = mapped_column(Moment, default=now)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    accepted_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)

    invited_by: Mapped[User | None] = relationship(
        foreign_keys="Invitation.invited_by_id", lazy="raise_on_sql"
    )
    user: Mapped[User | None] = relationship(foreign_keys="Invitation.user_id", lazy="raise_on_sql")


class RequestState(StrEnum):
    """Where a request to be let in stands."""

    OPEN = "open"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Registration(Base):
    """Someone asks to be let in; who approves sends an invitation."""

    __tablename__ = "registrations"
    __table_args__ = (
        Index("ix_registrations_state", "state", "id"),
        Index("ix_registrations_decided", "decided_at", "id"),
        Index(
            "uq_registrations_open", "email", unique=True,
            sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'"),
        ),
    )  # fmt: skip

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(120))
    message: Mapped[LongText]
    state: Mapped[RequestState] = enum_column(RequestState, default=RequestState.OPEN)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by_id: Mapped[OptionalUserKey]
    answer: Mapped[LongText]

    decided_by: Mapped[User | None] = relationship(lazy="raise_on_sql")


class Agreement(Base):
    """A member accepted a version of the house rules."""

    __tablename__ = "agreements"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    version: Mapped[int] = mapped_column(primary_key=True)
    accepted_at: Mapped[datetime] = mapped_column(Moment, default=now)


class AddressChange(Base):
    """Another e-mail address, until both the old and the new one have confirmed it."""

    __tablename__ = "address_changes"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    email: Mapped[str] = mapped_column(String(254))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    old_confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    new_confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
