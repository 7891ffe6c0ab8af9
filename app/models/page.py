"""Standing pages with their versions, and the questions that they did not answer."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base
from app.lib.clock import now
from app.models.theme import Theme
from app.models.types import Key, LongText, Moment, OptionalUserKey, UserKey, enum_column
from app.models.user import User


class Page(Base):
    """A standing page that the manager changed; without a row, the text that ships with Kring holds.

    `version` is the number of its newest version; the text that ships with Kring is version 1.
    """

    __tablename__ = "pages"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(40), unique=True)
    version: Mapped[int]

    versions: Mapped[list["PageVersion"]] = relationship(
        back_populates="page", cascade="all, delete-orphan", lazy="raise_on_sql"
    )


class PageVersion(Base):
    """The text of a page at one time. `in_force` is the day from which it holds.

    One that is `minor` mends wording only: members need not accept it again.
    """

    __tablename__ = "page_versions"

    page_id: Mapped[int] = mapped_column(
        ForeignKey("pages.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[LongText]
    body_html: Mapped[LongText]
    note: Mapped[str] = mapped_column(String(250), default="", server_default="")
    minor: Mapped[bool] = mapped_column(default=False)
    in_force: Mapped[date] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    author_id: Mapped[OptionalUserKey]

    page: Mapped[Page] = relationship(back_populates="versions", lazy="raise_on_sql")
    author: Mapped[User | None] = relationship(lazy="raise_on_sql")


class HelpTopic(StrEnum):
    """What someone asks the community manager about."""

    QUESTION = "question"
    BLOGGER = "blogger"
    SPECIALIST = "specialist"
    AMBASSADOR = "ambassador"
    ACCESSIBILITY = "accessibility"


class HelpRequest(Base):
    """A question to the community manager, or the wish to do more; `path` is where it arose."""

    __tablename__ = "help_requests"
    __table_args__ = (Index("ix_help_requests_open", "answered_at", "id"),)

    id: Mapped[Key]
    asker_id: Mapped[UserKey]
    topic: Mapped[HelpTopic] = enum_column(HelpTopic, default=HelpTopic.QUESTION)
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("themes.id"))
    path: Mapped[str] = mapped_column(String(300), default="", server_default="")
    message: Mapped[LongText]
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    answer: Mapped[LongText]
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    answered_by_id: Mapped[OptionalUserKey]
    submission_key: Mapped[str | None] = mapped_column(String(36), unique=True)

    theme: Mapped[Theme | None] = relationship(lazy="raise_on_sql")
    asker: Mapped[User] = relationship(foreign_keys="HelpRequest.asker_id", lazy="raise_on_sql")
    answered_by: Mapped[User | None] = relationship(
        foreign_keys="HelpRequest.answered_by_id", lazy="raise_on_sql"
    )
