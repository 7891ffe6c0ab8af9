"""What keeps the conversation safe: reports and their cases, measures, appeals, and what was moved."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base
from app.lib.clock import now
from app.models.attachment import Attachment
from app.models.comment import Comment
from app.models.content import Content
from app.models.group import Group
from app.models.theme import Theme
from app.models.types import Key, LongText, Moment, OptionalUserKey, enum_column
from app.models.user import User

RULE_LENGTH = 200
SUBJECTS = ("content_id", "comment_id", "attachment_id", "user_id")
ONE_OF_FOUR = " + ".join(f"CASE WHEN {name} IS NULL THEN 0 ELSE 1 END" for name in SUBJECTS)


class CaseState(StrEnum):
    """Where a case stands: waiting, in someone's hands, or closed one way or the other."""

    OPEN = "open"
    TAKEN = "taken"
    RESOLVED = "resolved"
    REJECTED = "rejected"


UNDER_WAY = (CaseState.OPEN, CaseState.TAKEN)


def one_case_under_way(subject: str) -> Index:
    """Return the index by which a subject has at most one case that is not closed."""
    under_way = text("state IN ('open', 'taken')")
    return Index(
        f"uq_cases_{subject}", subject, unique=True,
        sqlite_where=under_way, postgresql_where=under_way,
    )  # fmt: skip


class Case(Base):
    """All reports of one piece, reply, document or profile, until they are closed together.

    `first_look_at` is when a moderator first took, noted, escalated or closed it. `due_at` is when
    it should be closed. `outcome` is what those who reported are told, `rule` what was broken.
    """

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint(f"{ONE_OF_FOUR} = 1", name="one_subject"),
        Index("ix_cases_state", "state", "id"),
        Index("ix_cases_closed", "closed_at", "id"),
        *(one_case_under_way(subject) for subject in SUBJECTS),
    )

    id: Mapped[Key]
    content_id: Mapped[int | None] = mapped_column(
        ForeignKey("content.id", ondelete="CASCADE"), index=True
    )
    comment_id: Mapped[int | None] = mapped_column(
        ForeignKey("comments.id", ondelete="CASCADE"), index=True
    )
    attachment_id: Mapped[int | None] = mapped_column(
        ForeignKey("attachments.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    state: Mapped[CaseState] = enum_column(CaseState, default=CaseState.OPEN)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    due_at: Mapped[datetime] = mapped_column(Moment)
    first_look_at: Mapped[datetime | None] = mapped_column(Moment)
    taken_by_id: Mapped[OptionalUserKey]
    taken_at: Mapped[datetime | None] = mapped_column(Moment)
    escalated_at: Mapped[datetime | None] = mapped_column(Moment)
    escalated_by_id: Mapped[OptionalUserKey]
    reminded_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_by_id: Mapped[OptionalUserKey]
    rule: Mapped[str] = mapped_column(String(RULE_LENGTH), default="", server_default="")
    outcome: Mapped[LongText]

    content: Mapped[Content | None] = relationship(lazy="raise_on_sql")
    comment: Mapped[Comment | None] = relationship(lazy="raise_on_sql")
    attachment: Mapped[Attachment | None] = relationship(lazy="raise_on_sql")
    person: Mapped[User | None] = relationship(foreign_keys="Case.user_id", lazy="raise_on_sql")
    taken_by: Mapped[User | None] = relationship(
        foreign_keys="Case.taken_by_id", lazy="raise_on_sql"
    )
    escalated_by: Mapped[User | None] = relationship(
        foreign_keys="Case.escalated_by_id", lazy="raise_on_sql"
    )
    closed_by: Mapped[User | None] = relationship(
        foreign_keys="Case.closed_by_id", lazy="raise_on_sql"
    )
    reports: Mapped[list["Report"]] = relationship(
        back_populates="case", order_by="Report.id", lazy="raise_on_sql"
    )
    events: Mapped[list["CaseEvent"]] = relationship(order_by="CaseEvent.id", lazy="raise_on_sql")

    @property
    def is_under_way(self) -> bool:
        """Tell whether nobody closed it yet."""
        return self.state in UNDER_WAY

    @property
    def is_late(self) -> bool:
        """Tell whether it should have been closed by now."""
        return self.is_under_way and self.due_at <= now()

    @property
    def label(self) -> str:
        """Return what the subject is called; all four must be loaded."""
        if self.person is not None:
            return self.person.name
        if self.attachment is not None:
            return self.attachment.title or self.attachment.filename
        piece = self.comment.content if self.comment is not None else self.content
        assert piece is not None
        return piece.title


class Report(Base):
    """A member's alarm; seen by moderators only. Without a reporter a watched word gave it."""

    __tablename__ = "reports"
    __table_args__ = (UniqueConstraint("case_id", "reporter_id"),)

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    reason: Mapped[str] = mapped_column(String(RULE_LENGTH))
    note: Mapped[LongText]
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)

    case: Mapped[Case] = relationship(back_populates="reports", lazy="raise_on_sql")
    reporter: Mapped[User | None] = relationship(lazy="raise_on_sql")


class CaseStep(StrEnum):
    """What moderators do with a case."""

    NOTE = "note"
    TAKEN = "taken"
    RELEASED = "released"
    HANDED_OVER = "handed_over"
    ESCALATED = "escalated"
    HIDDEN = "hidden"
    CLOSED = "closed"


class CaseEvent(Base):
    """A step in a case, with what was said of it; `to` is who it was handed to."""

    __tablename__ = "case_events"

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    step: Mapped[CaseStep] = enum_column(CaseStep)
    actor_id: Mapped[OptionalUserKey]
    to_id: Mapped[OptionalUserKey]
    text: Mapped[LongText]

    actor: Mapped[User | None] = relationship(
        foreign_keys="CaseEvent.actor_id", lazy="raise_on_sql"
    )
    to: Mapped[User | None] = relationship(foreign_keys="CaseEvent.to_id", lazy="raise_on_sql")


class Decision(Base):
    """A measure that concerns a person: what was done, by which rule, why, and until when.

    `measure` is the verb of what happened (app.services.activity.Verb). `label` keeps what the
    subject was called. `ended_at` is when it was taken back.
    """

    __tablename__ = "decisions"
    __table_args__ = (Index("ix_decisions_person", "person_id", "id"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    actor_id: Mapped[OptionalUserKey]
    measure: Mapped[str] = mapped_column(String(40), index=True)
    content_id: Mapped[int | None] = mapped_column(
        ForeignKey("content.id", ondelete="SET NULL"), index=True
    )
    comment_id: Mapped[int | None] = mapped_column(
        ForeignKey("comments.id", ondelete="SET NULL"), index=True
    )
    case_id: Mapped[int | None] = mapped_column(
        ForeignKey("cases.id", ondelete="SET NULL"), index=True
    )
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id"), index=True)
    label: Mapped[str] = mapped_column(String(250), default="", server_default="")
    rule: Mapped[str] = mapped_column(String(RULE_LENGTH), default="", server_default="")
    reason: Mapped[LongText]
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    until: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_by_id: Mapped[OptionalUserKey]

    person: Mapped[User] = relationship(foreign_keys="Decision.person_id", lazy="raise_on_sql")
    actor: Mapped[User | None] = relationship(foreign_keys="Decision.actor_id", lazy="raise_on_sql")
    ended_by: Mapped[User | None] = relationship(
        foreign_keys="Decision.ended_by_id", lazy="raise_on_sql"
    )
    content: Mapped[Content | None] = relationship(lazy="raise_on_sql")
    comment: Mapped[Comment | None] = relationship(lazy="raise_on_sql")
    group: Mapped[Group | None] = relationship(lazy="raise_on_sql")
    appeal: Mapped["Appeal | None"] = relationship(back_populates="decision", lazy="raise_on_sql")

    @property
    def in_force(self) -> bool:
        """Tell whether this still holds: its end has not come, and nobody took it back."""
        return self.ended_at is None and (self.until is None or self.until > now())


class AppealState(StrEnum):
    """Where an appeal stands: waiting, found right, or not."""

    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


class Appeal(Base):
    """Someone does not agree with a decision; once for each, and another person decides.

    `entered_by_id` is the manager who wrote it down for who cannot sign in.
    """

    __tablename__ = "appeals"
    __table_args__ = (
        Index("ix_appeals_state", "state", "id"),
        Index(
            "ix_appeals_undecided", "due_at",
            sqlite_where=text("decided_at IS NULL"), postgresql_where=text("decided_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[Key]
    decision_id: Mapped[int] = mapped_column(
        ForeignKey("decisions.id", ondelete="CASCADE"), unique=True
    )
    body: Mapped[LongText]
    entered_by_id: Mapped[OptionalUserKey]
    state: Mapped[AppealState] = enum_column(AppealState, default=AppealState.OPEN)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    due_at: Mapped[datetime] = mapped_column(Moment)
    reminded_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by_id: Mapped[OptionalUserKey]
    reason: Mapped[LongText]

    decision: Mapped[Decision] = relationship(back_populates="appeal", lazy="raise_on_sql")
    decided_by: Mapped[User | None] = relationship(
        foreign_keys="Appeal.decided_by_id", lazy="raise_on_sql"
    )
    entered_by: Mapped[User | None] = relationship(
        foreign_keys="Appeal.entered_by_id", lazy="raise_on_sql"
    )


class StaffNote(Base):
    """What the community manager wants to remember of a member, for the next who does this work."""

    __tablename__ = "staff_notes"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    author_id: Mapped[OptionalUserKey]
    body: Mapped[LongText]
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)

    author: Mapped[User | None] = relationship(
        foreign_keys="StaffNote.author_id", lazy="raise_on_sql"
    )


class BlockLevel(StrEnum):
    """How far a member keeps another at a distance: not read them, or not be reached either."""

    MUTE = "mute"
    BLOCK = "block"


class Block(Base):
    """A member does not want to read another; what moderators say officially always comes."""

    __tablename__ = "blocks"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    level: Mapped[BlockLevel] = enum_column(BlockLevel)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)

    person: Mapped[User] = relationship(foreign_keys="Block.person_id", lazy="raise_on_sql")


class TransferKind(StrEnum):
    """How replies came to stand elsewhere."""

    MERGE = "merge"
    SPLIT = "split"
    REPLY = "reply"


class Transfer(Base):
    """Replies that went from one discussion to another, so that it can be told and undone.

    Of a merge, `opening_id` is the reply that the opening of the source became.
    """

    __tablename__ = "transfers"

    id: Mapped[Key]
    kind: Mapped[TransferKind] = enum_column(TransferKind)
    source_id: Mapped[int] = mapped_column(ForeignKey("content.id", ondelete="CASCADE"), index=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("content.id", ondelete="CASCADE"), index=True)
    opening_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id", ondelete="SET NULL"))
    actor_id: Mapped[OptionalUserKey]
    reason: Mapped[LongText]
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    undone_at: Mapped[datetime | None] = mapped_column(Moment)
    undone_by_id: Mapped[OptionalUserKey]

    source: Mapped[Content] = relationship(foreign_keys="Transfer.source_id", lazy="raise_on_sql")
    target: Mapped[Content] = relationship(foreign_keys="Transfer.target_id", lazy="raise_on_sql")
    actor: Mapped[User | None] = relationship(foreign_keys="Transfer.actor_id", lazy="raise_on_sql")


class TransferredReply(Base):
    """A reply of a transfer, with the place that it had before."""

    __tablename__ = "transferred_replies"

    transfer_id: Mapped[int] = mapped_column(
        ForeignKey("transfers.id", ondelete="CASCADE"), primary_key=True
    )
    comment_id: Mapped[int] = mapped_column(
        ForeignKey("comments.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int]


class Attention(Base):
    """What is done about a piece that waits for an answer: who sees to it, and who was told."""

    __tablename__ = "attention"

    content_id: Mapped[int] = mapped_column(
        ForeignKey("content.id", ondelete="CASCADE"), primary_key=True
    )
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    claimed_at: Mapped[datetime | None] = mapped_column(Moment)
    handed_by_id: Mapped[OptionalUserKey]
    escalated_at: Mapped[datetime | None] = mapped_column(Moment)

    claimed_by: Mapped[User | None] = relationship(
        foreign_keys="Attention.claimed_by_id", lazy="raise_on_sql"
    )


class Nudge(Base):
    """Someone who may know the answer was asked to look at a piece."""

    __tablename__ = "nudges"

    content_id: Mapped[int] = mapped_column(
        ForeignKey("content.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    by_id: Mapped[OptionalUserKey]
    message: Mapped[LongText]
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)

    person: Mapped[User] = relationship(foreign_keys="Nudge.person_id", lazy="raise_on_sql")


class CrisisMode(StrEnum):
    """What a crisis changes: only the banner, first look then show, or no writing at all."""

    BANNER = "banner"
    PREMODERATION = "premoderation"
    READ_ONLY = "read_only"


class Crisis(Base):
    """A time in which the community manager takes the wheel: everywhere, or in a theme or group.

    While it lasts, what it changes stands among the settings, where every page finds it.
    """

    __tablename__ = "crises"

    id: Mapped[Key]
    mode: Mapped[CrisisMode] = enum_column(CrisisMode)
    banner: Mapped[LongText]
    reason: Mapped[LongText]
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("themes.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id"))
    started_at: Mapped[datetime] = mapped_column(Moment, default=now)
    started_by_id: Mapped[OptionalUserKey]
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_by_id: Mapped[OptionalUserKey]
    report: Mapped[LongText]

    theme: Mapped[Theme | None] = relationship(lazy="raise_on_sql")
    group: Mapped[Group | None] = relationship(lazy="raise_on_sql")
    started_by: Mapped[User | None] = relationship(
        foreign_keys="Crisis.started_by_id", lazy="raise_on_sql"
    )
    ended_by: Mapped[User | None] = relationship(
        foreign_keys="Crisis.ended_by_id", lazy="raise_on_sql"
    )


class CrisisNote(Base):
    """What was done in a crisis, as those who did it wrote it down."""

    __tablename__ = "crisis_notes"

    id: Mapped[Key]
    crisis_id: Mapped[int] = mapped_column(ForeignKey("crises.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    author_id: Mapped[OptionalUserKey]
    text: Mapped[LongText]

    author: Mapped[User | None] = relationship(lazy="raise_on_sql")
