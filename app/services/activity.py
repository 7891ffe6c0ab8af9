"""The spine: whatever happens is told here once, and log, notifications and mail hang off it."""

from enum import StrEnum
from typing import Any

from flask import has_request_context, request
from sqlalchemy import insert, literal, select, update

from app.extensions import db
from app.lib.clock import now
from app.models import Comment, Content, Follow, Group, LogEntry, Notification, Tag, User, WikiPage
from app.policy import readers_of
from app.queries.tags import group_that_knows
from app.services import outbox, text


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
    REPORT_UPHELD = "report_upheld"
    REPORT_DISMISSED = "report_dismissed"
    WIKI_EDITED = "wiki_edited"
    WIKI_ARCHIVED = "wiki_archived"
    WIKI_RESTORED = "wiki_restored"
    ATTACHMENT_REMOVED = "attachment_removed"
    ROLE_GRANTED = "role_granted"
    ROLE_WITHDRAWN = "role_withdrawn"
    PASSWORD_CHANGED = "password_changed"
    GROUP_MADE = "group_made"
    GROUP_CHANGED = "group_changed"
    GROUP_MEMBER_ADDED = "group_member_added"
    GROUP_MEMBER_REMOVED = "group_member_removed"
    GROUP_ROLE_CHANGED = "group_role_changed"
    TAG_RENAMED = "tag_renamed"
    TAG_MERGED = "tag_merged"
    TAG_DELETED = "tag_deleted"


# Ordinary work of members stands in the content itself; the log holds the use of power.
NOT_LOGGED = frozenset(
    {Verb.STARTED, Verb.REPLIED, Verb.MENTIONED, Verb.ANSWER_MARKED, Verb.SUMMARY_MARKED}
)
TELLS_AUTHOR = frozenset(
    {
        Verb.ANSWER_MARKED, Verb.HIDDEN, Verb.RESTORED, Verb.EDITED, Verb.MOVED, Verb.LOCKED,
        Verb.UNLOCKED, Verb.PINNED, Verb.UNPINNED, Verb.FEATURED, Verb.UNFEATURED,
        Verb.WIKI_ARCHIVED, Verb.ATTACHMENT_REMOVED,
    }
)  # fmt: skip
MAILS_AUTHOR = frozenset({Verb.HIDDEN, Verb.RESTORED})
TELLS_FOLLOWERS = frozenset({Verb.REPLIED, Verb.WIKI_EDITED, Verb.SUMMARY_MARKED})
# Other pages link to a wiki page; such a link must not lead to what is out of sight.
CHANGES_LINKS = frozenset({Verb.HIDDEN, Verb.RESTORED})

Subject = Content | Comment | User | Group | Tag


def record(
    verb: Verb, subject: Subject, actor: User, *, reason: str = "", result: str = ""
) -> None:
    """Tell that `actor` did `verb` to `subject`, and let follow what should.

    Logged verbs add a row to the log. The author hears of measures on their work, followers of news,
    never the actor of their own deeds. Everything is part of the current transaction.
    """
    if verb not in NOT_LOGGED:
        log(verb, subject, actor, reason=reason, result=result)
    if not isinstance(subject, Content | Comment):
        return
    if verb in CHANGES_LINKS and isinstance(subject, WikiPage):
        text.page_changed(subject)
    if verb in TELLS_AUTHOR:
        notify(subject.author_id, verb, subject, actor, reason)
        if verb in MAILS_AUTHOR and subject.author_id != actor.id:
            outbox.post(subject.author, f"moderation_{verb}", subject=subject, reason=reason)
    if verb in TELLS_FOLLOWERS:
        tell_followers(verb, subject, actor, reason)


def log(verb: Verb, subject: Subject, actor: User, *, reason: str = "", result: str = "") -> None:
    """Add a row to the log that nobody can change."""
    content = subject.content if isinstance(subject, Comment) else subject
    db.session.add(
        LogEntry(
            action=verb.value,
            actor_id=actor.id,
            actor_name=actor.name,
            subject_kind=subject.kind
            if isinstance(subject, Content)
            else type(subject).__name__.lower(),
            subject_id=subject.id,
            subject_label=(content.title if isinstance(content, Content) else content.name)[:250],
            group_id=group_of(content, actor),
            reason=reason,
            result=result[:250],
            address=(request.remote_addr or "") if has_request_context() else "",
        )
    )


def group_of(subject: Content | User | Group | Tag, actor: User) -> int | None:
    """Return the group in which a logged deed belongs."""
    match subject:
        case Content():
            return subject.group_id
        case Group():
            return subject.id
        case Tag():
            return group_that_knows(subject, actor)
    return None


def notify(
    user_id: int, verb: Verb, subject: Content | Comment, actor: User, message: str = ""
) -> None:
    """Put one piece of news before one member; nobody hears of their own deeds."""
    if user_id == actor.id:
        return
    comment = subject if isinstance(subject, Comment) else None
    db.session.add(
        Notification(
            user_id=user_id,
            verb=verb.value,
            content_id=comment.content_id if comment else subject.id,
            comment_id=comment and comment.id,
            actor_id=actor.id,
            message=message,
        )
    )


def tell_followers(verb: Verb, subject: Content | Comment, actor: User, message: str = "") -> None:
    """Tell all who follow the piece and may still read it; unread news of it is bundled."""
    comment = subject if isinstance(subject, Comment) else None
    content = comment.content if comment else subject
    assert isinstance(content, Content)
    unread: list[Any] = [
        Notification.content_id == content.id,
        Notification.verb == verb.value,
        Notification.read_at.is_(None),
    ]
    followers = (
        select(Follow.user_id)
        .join(User, User.id == Follow.user_id)
        .where(Follow.content_id == content.id, Follow.user_id != actor.id, readers_of(content))
    )
    if comment is not None:
        # Who is mentioned in the reply has been told of it.
        mentioned = select(Notification.user_id).where(
            Notification.comment_id == comment.id, Notification.verb == Verb.MENTIONED.value
        )
        followers = followers.where(Follow.user_id.not_in(mentioned))
    db.session.execute(
        update(Notification)
        .where(*unread, Notification.user_id.in_(followers))
        .values(count=Notification.count + 1, actor_id=actor.id, created_at=now())
        .execution_options(synchronize_session=False)
    )
    fresh = select(
        Follow.user_id,
        literal(verb.value),
        literal(content.id),
        literal(comment.id if comment else None, Notification.comment_id.type),
        literal(actor.id),
        literal(message),
        literal(now(), Notification.created_at.type),
    ).where(
        Follow.content_id == content.id,
        Follow.user_id.in_(followers),
        Follow.user_id.not_in(select(Notification.user_id).where(*unread)),
    )
    columns = ["user_id", "verb", "content_id", "comment_id", "actor_id", "message", "created_at"]
    db.session.execute(insert(Notification).from_select(columns, fresh))
