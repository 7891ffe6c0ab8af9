"""The spine: whatever happens is told here once, and log, notifications and mail hang off it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from flask import has_request_context, request
from sqlalchemy import (
    ColumnElement,
    Insert,
    Integer,
    Select,
    Update,
    bindparam,
    insert,
    literal,
    or_,
    select,
    update,
)

from app.extensions import db
from app.lib.clock import now
from app.models import (
    Attachment,
    Case,
    Comment,
    Content,
    Crisis,
    Decision,
    Department,
    Follow,
    FollowLevel,
    Group,
    LogEntry,
    Notification,
    PageVersion,
    Proposal,
    Setting,
    Standing,
    Status,
    Tag,
    Template,
    Theme,
    ThemeFollow,
    ThemeLevel,
    User,
    WikiPage,
)
from app.models.unattached import MAKING, Prepared
from app.policy import ACTIVE, person_behind, piece_of, readers_of
from app.queries.blocks import hears_of, wants_no_news_of
from app.queries.tags import group_that_knows
from app.services import log_chain, outbox, text

NEWS: Any = Notification.__table__
VERB, MESSAGE = (bindparam(f"{name}_", type_=NEWS.c[name].type) for name in ("verb", "message"))
PIECE, ACTOR, REPLY = (bindparam(name, type_=Integer()) for name in ("piece", "actor", "reply"))
MOMENT = bindparam("moment", type_=NEWS.c.created_at.type)


class Verb(StrEnum):
    """What can happen. Stored in the log and in notifications."""

    STARTED = "started"
    REPLIED = "replied"
    MENTIONED = "mentioned"
    ANSWER_MARKED = "answer_marked"
    SUMMARY_MARKED = "summary_marked"
    HIDDEN = "hidden"
    RESTORED = "restored"
    EDITED = "edited"
    MOVED = "moved"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    PINNED = "pinned"
    UNPINNED = "unpinned"
    FEATURED = "featured"
    UNFEATURED = "unfeatured"
    HELD = "held"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    SLOWED = "slowed"
    UNSLOWED = "unslowed"
    MERGED = "merged"
    SPLIT = "split"
    REPLIES_MOVED = "replies_moved"
    TRANSFER_UNDONE = "transfer_undone"
    WARNED = "warned"
    SILENCED = "silenced"
    SUSPENDED = "suspended"
    MEASURE_ENDED = "measure_ended"
    APPEALED = "appealed"
    APPEAL_LATE = "appeal_late"
    APPEAL_UPHELD = "appeal_upheld"
    APPEAL_DISMISSED = "appeal_dismissed"
    CASE_HANDED = "case_handed"
    CASE_ESCALATED = "case_escalated"
    CASE_LATE = "case_late"
    NUDGED = "nudged"
    ANSWER_LATE = "answer_late"
    CLAIM_HANDED = "claim_handed"
    CRISIS_STARTED = "crisis_started"
    CRISIS_ENDED = "crisis_ended"
    GLASS_BROKEN = "glass_broken"
    REPORT_UPHELD = "report_upheld"
    REPORT_DISMISSED = "report_dismissed"
    WIKI_EDITED = "wiki_edited"
    WIKI_ARCHIVED = "wiki_archived"
    WIKI_RESTORED = "wiki_restored"
    WIKI_OFFERED = "wiki_offered"
    WIKI_ADOPTED = "wiki_adopted"
    WIKI_SENT_BACK = "wiki_sent_back"
    WIKI_DELETED = "wiki_deleted"
    WIKI_REVIEWED = "wiki_reviewed"
    REVIEW_DUE = "review_due"
    REVIEW_OVERDUE = "review_overdue"
    DOUBTED = "doubted"
    DOUBT_SETTLED = "doubt_settled"
    PROPOSED = "proposed"
    PROPOSAL_TAKEN = "proposal_taken"
    PROPOSAL_DECLINED = "proposal_declined"
    HELPED = "helped"
    NEW_IN_THEME = "new_in_theme"
    ATTACHMENT_REMOVED = "attachment_removed"
    IMAGE_REMOVED = "image_removed"
    REDACTED = "redacted"
    TEMPLATE_CHANGED = "template_changed"
    ROLE_GRANTED = "role_granted"
    ROLE_WITHDRAWN = "role_withdrawn"
    PASSWORD_CHANGED = "password_changed"
    GROUP_MADE = "group_made"
    GROUP_CHANGED = "group_changed"
    GROUP_MEMBER_ADDED = "group_member_added"
    GROUP_MEMBER_REMOVED = "group_member_removed"
    GROUP_ROLE_CHANGED = "group_role_changed"
    GROUP_ASKED = "group_asked"
    GROUP_INVITED = "group_invited"
    GROUP_DECLINED = "group_declined"
    GROUP_JOINED = "group_joined"
    GROUP_HEIR = "group_heir"
    GROUP_CHECK = "group_check"
    GROUP_ARCHIVED = "group_archived"
    GROUP_REVIVED = "group_revived"
    TAG_RENAMED = "tag_renamed"
    TAG_MERGED = "tag_merged"
    TAG_DELETED = "tag_deleted"
    THEME_ADDED = "theme_added"
    THEME_CHANGED = "theme_changed"
    THEME_MERGED = "theme_merged"
    THEME_ARCHIVED = "theme_archived"
    THEME_RESTORED = "theme_restored"
    DEPARTMENT_ADDED = "department_added"
    DEPARTMENT_RENAMED = "department_renamed"
    DEPARTMENT_MERGED = "department_merged"
    DEPARTMENT_REMOVED = "department_removed"
    PAGE_EDITED = "page_edited"
    SETTING_CHANGED = "setting_changed"
    ACCOUNT_ADDED = "account_added"
    ACCOUNT_CHANGED = "account_changed"
    ACCOUNT_CLOSED = "account_closed"
    ACCOUNT_OPENED = "account_opened"
    ADDRESS_CHANGED = "address_changed"


COMMAND = "flask"
"""Who acts, in the log, when it is a command on the server."""

# Ordinary work of members stands in the content itself; the log holds the use of power.
NOT_LOGGED = frozenset(
    {
        Verb.STARTED,
        Verb.REPLIED,
        Verb.MENTIONED,
        Verb.ANSWER_MARKED,
        Verb.SUMMARY_MARKED,
        Verb.WIKI_OFFERED,
        Verb.WIKI_SENT_BACK,
        Verb.WIKI_REVIEWED,
        Verb.REVIEW_DUE,
        Verb.REVIEW_OVERDUE,
        Verb.DOUBTED,
        Verb.DOUBT_SETTLED,
        Verb.PROPOSED,
        Verb.HELPED,
        Verb.NEW_IN_THEME,
        Verb.HELD,
        Verb.APPEALED,
        Verb.APPEAL_LATE,
        Verb.CASE_HANDED,
        Verb.CASE_LATE,
        Verb.NUDGED,
        Verb.ANSWER_LATE,
        Verb.CLAIM_HANDED,
        Verb.GROUP_ASKED,
        Verb.GROUP_INVITED,
        Verb.GROUP_DECLINED,
        Verb.GROUP_JOINED,
        Verb.GROUP_CHECK,
    }
)  # fmt: skip
TELLS_AUTHOR = frozenset(
    {
        Verb.ANSWER_MARKED, Verb.HIDDEN, Verb.RESTORED, Verb.EDITED, Verb.MOVED, Verb.LOCKED,
        Verb.UNLOCKED, Verb.PINNED, Verb.UNPINNED, Verb.FEATURED, Verb.UNFEATURED,
        Verb.WIKI_ARCHIVED, Verb.ATTACHMENT_REMOVED, Verb.IMAGE_REMOVED, Verb.REDACTED,
        Verb.ACCEPTED, Verb.REJECTED, Verb.SLOWED, Verb.UNSLOWED, Verb.MERGED, Verb.SPLIT,
        Verb.REPLIES_MOVED, Verb.TRANSFER_UNDONE,
    }
)  # fmt: skip
MAILS_AUTHOR = frozenset({Verb.HIDDEN, Verb.RESTORED, Verb.REJECTED})
DECIDED = frozenset(
    {
        Verb.HIDDEN, Verb.EDITED, Verb.MOVED, Verb.LOCKED, Verb.SLOWED, Verb.MERGED, Verb.REJECTED,
        Verb.ATTACHMENT_REMOVED, Verb.IMAGE_REMOVED, Verb.REDACTED, Verb.WARNED, Verb.SILENCED,
        Verb.SUSPENDED,
    }
)  # fmt: skip
"""Measures that someone can object to: each is kept as a decision about the person."""
ENDS = {
    Verb.RESTORED: (Verb.HIDDEN, Verb.REJECTED),
    Verb.ACCEPTED: (Verb.REJECTED,),
    Verb.UNLOCKED: (Verb.LOCKED,),
    Verb.UNSLOWED: (Verb.SLOWED,),
    Verb.TRANSFER_UNDONE: (Verb.MERGED,),
}
"""What takes back which decisions about the same text."""
CHANGES = frozenset({Verb.WIKI_EDITED, Verb.SUMMARY_MARKED, Verb.EDITED})
"""What a piece says is not what it was: of this hears who follows only changes, too."""
TELLS_FOLLOWERS = CHANGES | {Verb.REPLIED}
PERSONAL = frozenset({Verb.MENTIONED, Verb.HELPED, Verb.NUDGED})
"""What members do to each other: who mutes another does not hear of it. Of measures they do."""
# Other pages link to a wiki page; such a link must not lead to what is out of sight.
CHANGES_LINKS = frozenset({Verb.HIDDEN, Verb.RESTORED})

Subject = (
    Content | Comment | User | Group | Tag | Theme | Department | PageVersion | Setting | Proposal
    | Template | Attachment | Crisis
)  # fmt: skip
NewsAbout = Content | Comment | Proposal | Decision | Case | Group


@dataclass(frozen=True)
class Grounds:
    """What a measure rests on besides its reason: a house rule, a case; and until when it holds."""

    rule: str = ""
    until: datetime | None = None
    case_id: int | None = None


NO_GROUNDS = Grounds()


def record(
    verb: Verb, subject: Subject, actor: User | None, *, reason: str = "", result: str = "",
    grounds: Grounds = NO_GROUNDS,
) -> Decision | None:  # fmt: skip
    """Tell that `actor` did `verb` to `subject`, and let follow what should; without one Kring did.

    Logged verbs add a row to the log. Measures on what others made are kept as decisions, with their
    `grounds`, and what undoes a measure ends its decision. The author hears of measures on their
    work, followers of news, never the actor of their own deeds. Everything is part of the current
    transaction. Returns the decision that was kept, if there is one.
    """
    because = f"{grounds.rule}: {reason}" if grounds.rule else reason
    if verb not in NOT_LOGGED:
        log(verb, subject, actor, reason=because, result=result)
    decided = decide(verb, subject, actor, reason, grounds) if verb in DECIDED else None
    if not isinstance(subject, Content | Comment):
        return decided
    if verb in ENDS and actor is not None:
        end_decisions(subject, ENDS[verb], actor)
    if verb in CHANGES_LINKS and isinstance(subject, WikiPage):
        text.page_changed(subject)
    if verb in TELLS_AUTHOR:
        tell_author(verb, subject, actor, reason, decided)
    if actor is not None:
        tell_others(verb, subject, actor, reason)
    return decided


def tell_others(verb: Verb, subject: Content | Comment, actor: User, reason: str) -> None:
    """Tell those who follow the piece or its theme, when it is news for them."""
    if verb in TELLS_FOLLOWERS and not (verb is Verb.EDITED and isinstance(subject, Comment)):
        tell_followers(verb, subject, actor, reason)
    if verb is Verb.STARTED and isinstance(subject, Content):
        tell_theme(subject, actor)


def end_decisions(subject: Content | Comment, measures: Iterable[Verb], actor: User) -> None:
    """Let decisions about a text, by these measures, be taken back by `actor`."""
    piece_id = subject.content_id if isinstance(subject, Comment) else subject.id
    reply_id = subject.id if isinstance(subject, Comment) else None
    db.session.execute(
        update(Decision)
        .where(
            Decision.content_id == piece_id,
            Decision.comment_id == reply_id,
            Decision.measure.in_([verb.value for verb in measures]),
            Decision.ended_at.is_(None),
        )
        .values(ended_at=now(), ended_by_id=actor.id)
    )


def tell_author(
    verb: Verb, subject: Content | Comment, actor: User | None, reason: str,
    decided: Decision | None,
) -> None:  # fmt: skip
    """Tell a writer what was done with their work, and by mail where they may want to object."""
    rule = f"{decided.rule}: " if decided and decided.rule else ""
    notify(subject.author_id, verb, subject, actor, f"{rule}{reason}", decided=decided)
    if verb in MAILS_AUTHOR and (actor is None or subject.author_id != actor.id):
        outbox.post(
            subject.author, f"moderation_{verb}", subject=subject, reason=reason, decision=decided,
            actor=actor,
        )  # fmt: skip


def decide(
    verb: Verb, subject: Subject, actor: User | None, reason: str,
    grounds: Grounds = NO_GROUNDS, *, whose: int | None = None,
) -> Decision | None:  # fmt: skip
    """Keep a measure on what someone else made, or on someone else; None for one's own.

    `whose` is who made what was taken away, when that is not who made the subject.
    """
    person_id = whose or person_behind(subject)
    if person_id is None or (actor is not None and person_id == actor.id):
        return None
    piece = piece_of(subject)
    decided = Decision(
        person_id=person_id, actor_id=actor.id if actor else None, measure=verb.value,
        label=label_of(subject)[:250],
        content_id=piece.id if piece else None,
        comment_id=subject.id if isinstance(subject, Comment) else None,
        group_id=piece.group_id if piece else None,
        rule=grounds.rule, until=grounds.until, case_id=grounds.case_id, reason=reason,
    )  # fmt: skip
    db.session.add(decided)
    db.session.flush()
    return decided


def log(
    verb: Verb, subject: Subject, actor: User | None, *, reason: str = "", result: str = ""
) -> None:
    """Add a row to the log that nobody can change; without an actor it was a command."""
    db.session.add_all(log_chain.append([row(verb, subject, actor, reason=reason, result=result)]))


def log_all(rows: Iterable[LogEntry]) -> None:
    """Add many rows to the log at once, each made by `row`, in one statement."""
    db.session.bulk_save_objects(log_chain.append(rows))


def row(
    verb: Verb, subject: Subject, actor: User | None, *, reason: str = "", result: str = ""
) -> LogEntry:
    """Return a row for the log."""
    return LogEntry(
        at=now(),
        action=verb.value,
        actor_id=actor.id if actor else None,
        actor_name=actor.name if actor else COMMAND,
        subject_kind=kind_of(subject),
        subject_id=getattr(subject, "id", None),
        subject_label=label_of(subject)[:250],
        group_id=group_of(subject, actor),
        reason=reason,
        result=result[:250],
        address=(request.remote_addr or "") if has_request_context() else "",
    )


def kind_of(subject: Subject) -> str:
    """Return what the log calls this kind of subject."""
    if isinstance(subject, Content):
        return subject.kind
    return "page" if isinstance(subject, PageVersion) else type(subject).__name__.lower()


def label_of(subject: Subject) -> str:
    """Return what a subject is called."""
    match subject:
        case Comment() | Attachment():
            return subject.content.title
        case Crisis():
            return subject.banner
        case Content() | PageVersion():
            return subject.title
        case Proposal():
            return subject.theme.name  # what it says is for fewer people than the log
        case Setting():
            return subject.key
    return subject.name


def group_of(subject: Subject, actor: User | None) -> int | None:
    """Return the group in which a logged deed belongs."""
    match subject:
        case Comment() | Attachment():
            return subject.content.group_id
        case Content() | Crisis():
            return subject.group_id
        case Group():
            return subject.id
        case Tag() if actor is not None:
            return group_that_knows(subject, actor)
    return None


def notify(
    user_id: int, verb: Verb, subject: NewsAbout, actor: User | None, message: str = "",
    *, decided: Decision | None = None,
) -> None:  # fmt: skip
    """Put one piece of news before one member; nobody hears of their own deeds.

    Nor of what is only between people, when the member mutes or blocks who did it.

    Without an actor it is Kring itself that tells it. News of a proposal, a decision, a case or a
    group leads to that; `decided` is the decision behind news of a text.
    """
    if actor is not None and (
        user_id == actor.id or (verb in PERSONAL and not hears_of(user_id, actor))
    ):
        return
    comment = subject if isinstance(subject, Comment) else None
    proposal = subject if isinstance(subject, Proposal) else None
    decided = subject if isinstance(subject, Decision) else decided
    db.session.add(
        Notification(
            user_id=user_id,
            verb=verb.value,
            content_id=piece_id_of(subject),
            comment_id=comment and comment.id,
            proposal_id=proposal and proposal.id,
            decision_id=decided and decided.id,
            case_id=subject.id if isinstance(subject, Case) else None,
            group_id=subject.id if isinstance(subject, Group) else None,
            actor_id=actor.id if actor else None,
            message=message,
        )
    )


def piece_id_of(subject: NewsAbout) -> int | None:
    """Return the id of the piece that news is about: of a proposal, the page if there is one."""
    match subject:
        case Comment() | Decision():
            return subject.content_id
        case Proposal():
            return subject.page_id
        case Content():
            return subject.id
    return None


def tell_followers(verb: Verb, subject: Content | Comment, actor: User, message: str = "") -> None:
    """Tell all who follow the piece for such news and may still read it; unread news is bundled."""
    comment = subject if isinstance(subject, Comment) else None
    content = comment.content if comment else subject
    assert isinstance(content, Content)
    if verb in TELLS_AUTHOR:
        message = ""  # what moderators give as their reason is for the author
    news, which = News(verb, content, comment, actor, message), Which.of(verb, comment)
    readers = readers_of(content)
    if readers is not ACTIVE:
        tell_all(news, telling(followers(readers, which)))
        return
    with MAKING:
        told = telling_everyone(which)
    for statement in told:
        statement.rows(**news.values())


class Which(NamedTuple):
    """What decides which followers hear of news: it is of a change, for the author, of a reply."""

    changes: bool
    tells_author: bool
    of_reply: bool

    @classmethod
    def of(cls, verb: Verb, comment: Comment | None) -> "Which":
        """Return it for one kind of news."""
        return cls(verb in CHANGES, verb in TELLS_AUTHOR, comment is not None)


@cache
def telling_everyone(which: Which) -> tuple[Prepared, Prepared]:
    """Return the statements for a piece that everyone reads, as most are, made once."""
    told = telling(followers(ACTIVE, which))
    return Prepared(told.again), Prepared(told.anew)


def followers(readers: ColumnElement[bool], which: Which) -> Select[int]:
    """Select the ids of those `readers` who follow a piece and have not heard of it already."""
    levels = [FollowLevel.ALL, FollowLevel.CHANGES] if which.changes else [FollowLevel.ALL]
    found = (
        select(Follow.user_id)
        .join(User, User.id == Follow.user_id)
        .where(
            Follow.content_id == PIECE, or_(*(Follow.level == level for level in levels)),
            Follow.user_id != ACTOR, readers,
        )
    )  # fmt: skip
    if which.tells_author:
        author = select(Content.author_id).where(Content.id == PIECE).scalar_subquery()
        found = found.where(Follow.user_id != author)
    if which.of_reply:
        mentioned = select(Notification.user_id).where(
            Notification.comment_id == REPLY, Notification.verb == Verb.MENTIONED.value
        )
        found = found.where(Follow.user_id.not_in(mentioned))
    return found


def tell_theme(content: Content, actor: User) -> None:
    """Tell those who asked for it that there is a new piece in a theme: in sight, agreed on.

    Nobody hears twice of one piece: not who was mentioned in it, nor who wants no news of it.
    """
    in_force = not isinstance(content, WikiPage) or content.standing is Standing.IN_FORCE
    if content.theme_id is None or content.status is not Status.PUBLISHED or not in_force:
        return
    told = select(Notification.user_id).where(
        Notification.content_id == content.id,
        Notification.verb.in_([Verb.MENTIONED.value, Verb.NEW_IN_THEME.value]),
    )
    silenced = select(Follow.user_id).where(
        Follow.content_id == content.id, Follow.level == FollowLevel.NOTHING
    )
    people = (
        select(ThemeFollow.user_id)
        .join(User, User.id == ThemeFollow.user_id)
        .where(
            ThemeFollow.theme_id == content.theme_id, ThemeFollow.level == ThemeLevel.NEW,
            User.id.not_in([actor.id, content.author_id]), readers_of(content),
            User.id.not_in(told), User.id.not_in(silenced),
        )
    )  # fmt: skip
    here = select(Content.id).where(Content.theme_id == content.theme_id)
    tell_all(News(Verb.NEW_IN_THEME, content, None, actor), telling(people, here))


@dataclass(frozen=True)
class News:
    """What many people are told at once."""

    verb: Verb
    content: Content
    comment: Comment | None
    actor: User
    message: str = ""

    def values(self) -> dict[str, Any]:
        """Return what the statements that tell it must be given."""
        return {
            "verb_": self.verb.value, "piece": self.content.id, "actor": self.actor.id,
            "reply": self.comment.id if self.comment else None, "message_": self.message,
            "moment": now(),
        }  # fmt: skip


@dataclass(frozen=True)
class Telling:
    """The statements that tell many: unread news of the same is counted on, else it is new."""

    again: Update
    anew: Insert


def telling(people: Select[int], bundle: Select[int] | None = None) -> Telling:
    """Return the statements that tell people, given by their ids.

    Not those who mute or block who did it. The same is what is about the piece itself, or about
    one of those in `bundle`.
    """
    deaf = wants_no_news_of(ACTOR)
    about = NEWS.c.content_id == PIECE if bundle is None else NEWS.c.content_id.in_(bundle)
    unread = [about, NEWS.c.verb == VERB, NEWS.c.read_at.is_(None)]
    again = (
        update(NEWS)
        .where(*unread, NEWS.c.user_id.in_(people), NEWS.c.user_id.not_in(deaf))
        .values(count=NEWS.c.count + 1, actor_id=ACTOR, created_at=MOMENT)
    )
    if bundle is not None:
        # Elsewhere it stands there already, and storing that again would renew an index.
        again = again.values(content_id=PIECE)
    fresh = select(User.id, VERB, PIECE, REPLY, ACTOR, MESSAGE, MOMENT, literal(1)).where(
        User.id.in_(people), User.id.not_in(deaf),
        User.id.not_in(select(NEWS.c.user_id).where(*unread)),
    )  # fmt: skip
    columns = ["user_id", "verb", "content_id", "comment_id", "actor_id", "message", "created_at"]
    return Telling(again, insert(NEWS).from_select([*columns, "count"], fresh))


def tell_all(news: News, told: Telling) -> None:
    """Tell many people at once, in two statements."""
    db.session.flush()
    connection, values = db.session.connection(), news.values()
    connection.execute(told.again, values)
    connection.execute(told.anew, values)
