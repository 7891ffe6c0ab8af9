"""Replies: add, edit, withdraw, and mark as answer or summary."""

from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import ColumnElement, and_, exists, func, literal, select, update

from app.extensions import db
from app.lib.clock import now
from app.models import Comment, Content, Discussion, Revision, User
from app.policy import Ability, can
from app.services import activity, first_steps, holding, mentions, reactions
from app.services.activity import Verb
from app.services.text import render_comment

COUNTED = (
    "last_position",
    "comment_count",
    "other_comment_count",
    "last_comment_at",
    "last_active_at",
    "first_answer_at",
)


class EditedMeanwhileError(Exception):
    """Someone else changed the reply after this editor had opened it."""


class TooSoonError(Exception):
    """The discussion is slow, and this member must wait before they reply again: until `when`."""

    def __init__(self, when: datetime) -> None:
        super().__init__(str(when))
        self.when = when


def add(content: Content, author: User, body: str, key: str) -> Comment:
    """Place a reply under `content` and tell its followers and those mentioned.

    When it must wait for a moderator, it has its place, but it is neither counted nor told yet.
    The same text sent again with the same `key` gives the reply that is already there. Another
    text with that key is a reply of its own: someone went back in the browser and wrote on.
    Raises TooSoonError where members must wait between two replies.
    """
    lock(content)
    key = str(uuid5(NAMESPACE_OID, f"{key}\n{content.id}\n{body}"))
    earlier = select(Comment).where(Comment.author_id == author.id, Comment.submission_key == key)
    found = db.session.scalar(earlier)
    if found is not None:
        return found
    when = next_turn(content, author)
    if when is not None:
        raise TooSoonError(when)
    comment = Comment(
        content=content, author=author, body=body, submission_key=key, created_at=now()
    )
    if holding.must_wait(author, content.group, content.theme_id):
        comment.hidden_at = comment.held_at = comment.created_at
    comment.position = next_position(comment)
    db.session.add(comment)
    db.session.flush()
    if comment.held_at is None:
        tell(comment)
    else:
        render_comment(comment, content, author)
    return comment


def appear(comment: Comment) -> None:
    """Count a reply that waited, and let all that should follow from it happen.

    Its `author` and its `content` are needed.
    """
    recount(comment.content)
    tell(comment)


def tell(comment: Comment) -> None:
    """Let all that should follow from a reply happen, when it is there for others."""
    content, author = comment.content, comment.author
    rendered = render_comment(comment, content, author)
    replied_before = exists().where(
        Comment.content_id == content.id, Comment.author_id == author.id,
        Comment.id != comment.id, Comment.held_at.is_(None),
    )  # fmt: skip
    if not db.session.scalar(select(replied_before)):
        reactions.follow(content, author)
    mentions.tell(comment, content, rendered.mentions, author)
    activity.record(Verb.REPLIED, comment, author)
    first_steps.replied(content, author)


def next_turn(content: Content, author: User) -> datetime | None:
    """Return when a member can reply again to a discussion that is slow; None: now."""
    if not content.is_slow or content.slow_minutes is None or can(author, Ability.LOCK, content):
        return None
    mine = (Comment.content_id == content.id, Comment.author_id == author.id)
    last = db.session.scalar(select(func.max(Comment.created_at)).where(*mine))
    turn = last + timedelta(minutes=content.slow_minutes) if last else None
    if turn is not None and content.slow_until is not None:
        turn = min(turn, content.slow_until)
    return turn if turn is not None and turn > now() else None


def lock(content: Content) -> None:
    """Let the replies of one piece be placed one after the other; SQLite has one writer anyhow."""
    db.session.execute(select(Content.id).where(Content.id == content.id).with_for_update())


def next_position(comment: Comment) -> int:
    """Count the new reply with its piece, unless it waits, and return its place."""
    content = comment.content
    counted = counts_with(comment) if comment.held_at is None else {}
    position = db.session.scalar(
        update(Content)
        .where(Content.id == content.id)
        .values(last_position=Content.last_position + 1, **counted)
        .returning(Content.last_position)
        .execution_options(synchronize_session=False)
    )
    assert position is not None
    db.session.expire(content, COUNTED)
    return position


def counts_with(comment: Comment) -> dict[str, Any]:
    """Return what a new reply adds to the counts of its piece."""
    content = comment.content
    by_another = comment.author.id != content.author_id
    answers = comment.created_at if by_another else None
    return {
        "comment_count": Content.comment_count + 1,
        "other_comment_count": Content.other_comment_count + int(by_another),
        "last_comment_at": comment.created_at,
        "last_active_at": comment.created_at,
        "first_answer_at": func.coalesce(
            Content.first_answer_at, literal(answers, Content.first_answer_at.type)
        ),
    }


def edit(comment: Comment, editor: User, body: str, version: int, reason: str = "") -> None:
    """Change the text of a reply; every earlier text stays in its history.

    `version` is the one that the editor saw. Raises EditedMeanwhileError when there is a newer one
    with another text. When a moderator edits another's reply, its author is told the `reason`.
    """
    db.session.flush()
    db.session.refresh(comment, ["version", "body"], with_for_update=True)
    if comment.body == body:
        return
    if comment.version != version:
        raise EditedMeanwhileError
    if comment.version == 1:
        keep(comment, comment.author_id)
    comment.body, comment.version = body, comment.version + 1
    comment.edited_at, comment.edited_by_id = now(), editor.id
    keep(comment, editor.id, reason)
    rendered = render_comment(comment, comment.content, editor)
    mentions.tell(comment, comment.content, rendered.mentions, editor)
    if editor.id != comment.author_id:
        activity.record(Verb.EDITED, comment, editor, reason=reason)


def keep(comment: Comment, author_id: int, note: str = "") -> None:
    """Store the present text as a revision. A reply that was never edited has none."""
    db.session.add(
        Revision(
            comment_id=comment.id,
            number=comment.version,
            body=comment.body,
            author_id=author_id,
            created_at=comment.edited_at or comment.created_at,
            note=note[:300],
        )
    )


def withdraw(comment: Comment) -> None:
    """Take a reply back: its place and number stay, its text goes out of sight."""
    comment.withdrawn_at = comment.withdrawn_at or now()
    unmark(comment)
    recount(comment.content)


def undo_withdrawal(comment: Comment) -> None:
    """Show a reply again that its author had withdrawn."""
    comment.withdrawn_at = None
    recount(comment.content)


def shown(content: Content) -> ColumnElement[bool]:
    """Return the condition on `Comment` for the replies to `content` that everyone can read."""
    return and_(
        Comment.content_id == content.id,
        Comment.position > 0,
        Comment.hidden_at.is_(None),
        Comment.withdrawn_at.is_(None),
    )


def recount(content: Content) -> None:
    """Count anew after a reply was hidden, withdrawn or brought back."""
    db.session.flush()
    lock(content)
    replies = select(func.count()).select_from(Comment).where(shown(content))
    newest = select(func.max(Comment.created_at)).where(shown(content)).scalar_subquery()
    answers = shown(content), Comment.author_id != content.author_id
    db.session.execute(
        update(Content)
        .where(Content.id == content.id)
        .values(
            comment_count=replies.scalar_subquery(),
            other_comment_count=replies.where(*answers).scalar_subquery(),
            first_answer_at=select(func.min(Comment.created_at)).where(*answers).scalar_subquery(),
            last_comment_at=newest,
            last_active_at=func.coalesce(newest, Content.published_at, Content.created_at),
        )
        .execution_options(synchronize_session=False)
    )
    db.session.expire(content, COUNTED)


def mark_answer(comment: Comment, actor: User) -> None:
    """Mark a reply as the answer to its question, in place of an earlier one."""
    question = discussion_of(comment)
    if question.answer_id != comment.id:
        question.answer_id = comment.id
        activity.record(Verb.ANSWER_MARKED, comment, actor)


def mark_summary(comment: Comment, actor: User) -> None:
    """Pin a reply under the opening as the summary of the discussion."""
    discussion = discussion_of(comment)
    if discussion.summary_comment_id != comment.id:
        discussion.summary_comment_id = comment.id
        activity.record(Verb.SUMMARY_MARKED, comment, actor)


def unmark_answer(comment: Comment) -> None:
    """Let a reply no longer be the answer."""
    discussion = discussion_of(comment)
    if discussion.answer_id == comment.id:
        discussion.answer_id = None


def unmark_summary(comment: Comment) -> None:
    """Let a reply no longer be the summary."""
    discussion = discussion_of(comment)
    if discussion.summary_comment_id == comment.id:
        discussion.summary_comment_id = None


def unmark(comment: Comment) -> None:
    """Take both marks off a reply that goes out of sight."""
    if isinstance(comment.content, Discussion):
        unmark_answer(comment)
        unmark_summary(comment)


def discussion_of(comment: Comment) -> Discussion:
    """Return the discussion of a reply; only there can replies be marked."""
    assert isinstance(comment.content, Discussion)
    return comment.content
