"""People, what they may, and the sessions in which they work."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.extensions import Base
from app.lib.clock import now
from app.models.types import Key, LongText, Moment, OptionalUserKey, UserKey, enum_column

if TYPE_CHECKING:
    from app.models.group import Membership
    from app.models.theme import Theme

SESSION_LIFETIME = timedelta(days=14)


class Role(StrEnum):
    """What a person is in the community; a person can be several. Everyone is a member."""

    MEMBER = "member"
    BLOGGER = "blogger"
    SPECIALIST = "specialist"
    AMBASSADOR = "ambassador"
    MODERATOR = "moderator"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"


class Audience(StrEnum):
    """Who may see a part of someone's profile; the person and the manager always do."""

    MEMBERS = "members"
    GROUPS = "groups"
    MANAGER = "manager"


def audience(first: Audience) -> Any:
    """Return a column that says who may see a part of a profile."""
    return enum_column(Audience, default=first, server_default=first.value)


class Department(Base):
    """An organisational unit of the municipality."""

    __tablename__ = "departments"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(120), unique=True)


class User(UserMixin, Base):
    """A person with an account. One without a password cannot sign in."""

    __tablename__ = "users"
    __table_args__ = (
        Index(
            "ix_users_without_password",
            "id",
            sqlite_where=text("password_hash IS NULL"),
            postgresql_where=text("password_hash IS NULL"),
        ),
    )

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120), index=True)
    handle: Mapped[str] = mapped_column(String(80), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"), index=True)
    job_title: Mapped[str] = mapped_column(String(120), default="", server_default="")
    about: Mapped[LongText]
    phone: Mapped[str] = mapped_column(String(40), default="", server_default="")
    photo_sha256: Mapped[str | None] = mapped_column(String(64))
    locale: Mapped[str] = mapped_column(String(5), default="nl", server_default="nl")
    created_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
    last_seen_at: Mapped[datetime | None] = mapped_column(Moment)
    deactivated_at: Mapped[datetime | None] = mapped_column(Moment)

    # Measures of the community manager, and the closed group that an administrator looks into.
    silenced_until: Mapped[datetime | None] = mapped_column(Moment)
    suspended_until: Mapped[datetime | None] = mapped_column(Moment)
    glass_group_id: Mapped[int | None] = mapped_column(
        ForeignKey("groups.id", use_alter=True, name="fk_users_glass_group_id_groups")
    )
    glass_until: Mapped[datetime | None] = mapped_column(Moment)

    # Who may see each part of the profile; the name is everyone's.
    photo_audience: Mapped[Audience] = audience(Audience.MEMBERS)
    job_title_audience: Mapped[Audience] = audience(Audience.MEMBERS)
    department_audience: Mapped[Audience] = audience(Audience.MEMBERS)
    expertise_audience: Mapped[Audience] = audience(Audience.MEMBERS)
    about_audience: Mapped[Audience] = audience(Audience.MEMBERS)
    phone_audience: Mapped[Audience] = audience(Audience.MANAGER)
    email_audience: Mapped[Audience] = audience(Audience.MANAGER)

    # The first day, and the three first steps.
    accepted_rules: Mapped[int] = mapped_column(default=0, server_default="0")
    welcomed_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    introduced_at: Mapped[datetime | None] = mapped_column(Moment)
    followed_at: Mapped[datetime | None] = mapped_column(Moment)
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    steps_closed_at: Mapped[datetime | None] = mapped_column(Moment)

    department: Mapped[Department | None] = relationship(lazy="raise_on_sql")
    expertise: Mapped[list["Expertise"]] = relationship(
        cascade="all, delete-orphan", order_by="Expertise.slug", lazy="raise_on_sql"
    )
    grants: Mapped[list["Grant"]] = relationship(
        foreign_keys="Grant.user_id", back_populates="user", cascade="all, delete-orphan"
    )
    memberships: Mapped[list["Membership"]] = relationship(back_populates="user")

    # The token of the session in which this person is signed in; kept as a hash only.
    session_token = ""

    def get_id(self) -> str:
        """Return what flask-login keeps in the cookie: the session's token, not the user's id."""
        return self.session_token

    @validates("email")
    def _lower(self, _key: str, email: str) -> str:
        """Keep addresses in one form, so that comparing them is simple and unique means unique."""
        return email.lower()

    @property
    def is_active(self) -> bool:
        """Tell whether the account is in use."""
        return self.deactivated_at is None

    @property
    def is_silenced(self) -> bool:
        """Tell whether this person reads but cannot write now."""
        return self.silenced_until is not None and self.silenced_until > now()

    @property
    def is_suspended(self) -> bool:
        """Tell whether this person cannot sign in now."""
        return self.suspended_until is not None and self.suspended_until > now()

    @property
    def opened_group_id(self) -> int | None:
        """Return the group that this administrator looks into now, if there is one."""
        open_now = self.glass_until is not None and self.glass_until > now()
        return self.glass_group_id if open_now else None

    @property
    def roles(self) -> frozenset[Role]:
        """Return all roles held, that of member included."""
        kept: frozenset[Role] | None = self.__dict__.get("kept_roles")
        return kept or frozenset({Role.MEMBER, *(grant.role for grant in self.grants)})

    def keep_roles(self) -> None:
        """Remember the roles: of someone who is only read, each right that is asked for needs them."""
        self.__dict__["kept_roles"] = self.roles

    @property
    def specialist_theme_ids(self) -> frozenset[int]:
        """Return the themes in which this person is a theme specialist."""
        return frozenset(grant.theme_id for grant in self.grants if grant.theme_id is not None)

    @property
    def initials(self) -> str:
        """Return one or two capitals of the name: of the first and the last word."""
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()

    @property
    def slug(self) -> str:
        """Return the readable part of this person's address."""
        return self.handle


class Expertise(Base):
    """What someone knows about, in a few words; `slug` finds it whatever its capitals."""

    __tablename__ = "expertise"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    slug: Mapped[str] = mapped_column(String(60), primary_key=True, index=True)
    name: Mapped[str] = mapped_column(String(60))


class PersonFollow(Base):
    """A member wants to see what someone else makes."""

    __tablename__ = "person_follows"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)


class ThemeLevel(StrEnum):
    """Of what a follower of a theme hears, besides seeing it on the home page."""

    HOME = "home"
    NEW = "new"


class ThemeFollow(Base):
    """A member wants to see what happens in a theme."""

    __tablename__ = "theme_follows"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("themes.id"), primary_key=True, index=True)
    level: Mapped[ThemeLevel] = enum_column(
        ThemeLevel, default=ThemeLevel.HOME, server_default=ThemeLevel.HOME.value
    )
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)


class Grant(Base):
    """A role given to a person; that of specialist is bound to one theme a grant."""

    __tablename__ = "grants"
    __table_args__ = (
        CheckConstraint(
            "(role = 'specialist') = (theme_id IS NOT NULL)", name="specialist_has_theme"
        ),
        Index(
            "uq_grants_role",
            "user_id",
            "role",
            unique=True,
            sqlite_where=text("theme_id IS NULL"),
            postgresql_where=text("theme_id IS NULL"),
        ),
        Index("uq_grants_theme", "user_id", "theme_id", unique=True),
    )

    id: Mapped[Key]
    user_id: Mapped[UserKey]
    role: Mapped[Role] = enum_column(Role)
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("themes.id"), index=True)
    granted_by_id: Mapped[OptionalUserKey]
    granted_at: Mapped[datetime] = mapped_column(Moment, default=now)
    reason: Mapped[LongText]

    user: Mapped[User] = relationship(foreign_keys="Grant.user_id", back_populates="grants")
    theme: Mapped["Theme | None"] = relationship(lazy="raise_on_sql")
    granted_by: Mapped[User | None] = relationship(
        foreign_keys="Grant.granted_by_id", lazy="raise_on_sql"
    )


class UserSession(Base):
    """One signed-in browser. Only the hash of its token is kept."""

    __tablename__ = "sessions"

    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[UserKey]
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    last_seen_at: Mapped[datetime] = mapped_column(Moment, default=now)
    browser: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(45), default="")
    must_renew: Mapped[bool] = mapped_column(default=False, server_default=text("false"))

    user: Mapped[User] = relationship()

    def is_over(self) -> bool:
        """Tell whether nobody has used this session for its lifetime."""
        return self.last_seen_at < now() - SESSION_LIFETIME


class TokenPurpose(StrEnum):
    """What a mailed link is good for."""

    PASSWORD_RESET = "password_reset"
    OLD_ADDRESS = "old_address"
    NEW_ADDRESS = "new_address"


class Token(Base):
    """A mailed single-use link, kept as a hash."""

    __tablename__ = "tokens"

    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[TokenPurpose] = enum_column(TokenPurpose)
    user_id: Mapped[UserKey]
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)

    user: Mapped[User] = relationship()


class AttemptKind(StrEnum):
    """What is counted, so that it cannot be done without end."""

    SIGN_IN = "sign_in"
    PASSWORD_RESET = "password_reset"
    REGISTRATION = "registration"
    ADDRESS_CHANGE = "address_change"
    MAIL_TEST = "mail_test"


class Attempt(Base):
    """A failed attempt to sign in, or a request for a reset link.

    Counted per account and per address. `email` is what was typed, whether it exists or not.
    """

    __tablename__ = "attempts"
    __table_args__ = (
        Index("ix_attempts_email", "email", "made_at"),
        Index("ix_attempts_address", "address", "made_at"),
    )

    id: Mapped[Key]
    kind: Mapped[AttemptKind] = enum_column(AttemptKind)
    email: Mapped[str] = mapped_column(String(254))
    address: Mapped[str] = mapped_column(String(45))
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
