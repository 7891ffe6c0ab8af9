"""Replies: add, edit, withdraw, and mark as answer or summary."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm.attributes import set_committed_value

from app.extensions import db
from app.lib.clock import now
from app.lib.markdown import RENDERER_VERSION
from app.models import Comment, Content, Discussion, Follow, Revision, User
from app.models.unattached import Part, Prepared
from app.policy import Ability, can
from app.services import activity, alarms, first_steps, holding, mentions, reactions, search_ahead
from app.services.activity import Verb
from app.services.pictures import Pictures
from app.services.search_ahead import Words
from app.services.text import render_comment, rendered_reply

COUNTED = (
    "last_position",
    "comment_count",
    "other_comment_count",
    "last_comment_at",
    "last_active_at",
    "first_answer_at",
)


REPLY: Any = Comment.__table__
PIECE: Any = Content.__table__
EARLIER = Prepared(
    select(REPLY.c.id).where(
        REPLY.c.author_id == bindparam("author"), REPLY.c.submission_key == bindparam("key")
    )
)
FOLLOWS = exists().where(
    Follow.user_id == bindparam("author"), Follow.content_id == bindparam("piece")
)
REPLIED = exists().where(
    REPLY.c.content_id == bindparam("piece"), REPLY.c.author_id == bindparam("author"),
    REPLY.c.held_at.is_(None),
)  # fmt: skip
TAKES_PART = Prepared(select(case((FOLLOWS, 1), (REPLIED, 1), else_=0)))
"""In this order: who replies often follows what they reply to, and has many replies to go through."""
BLANK = {
    column.name: column.default.arg
    if column.default is not None and column.default.is_scalar
    else None
    for column in REPLY.c
    if not column.primary_key
}
"""What a reply has to begin with."""
INSERT = Prepared(insert(REPLY).values(BLANK).returning(REPLY.c.id))
NEW = Part(Comment)
NEXT = (
    update(PIECE)
    .where(PIECE.c.id == bindparam("piece"))
    .values(last_position=PIECE.c.last_position + 1)
    .returning(PIECE.c.last_position, PIECE.c.comment_count, PIECE.c.other_comment_count)
)
MOMENT = bindparam("moment", type_=PIECE.c.created_at.type)
OTHERS = bindparam("by_another", type_=PIECE.c.comment_count.type)
COUNTING = NEXT.values(
    comment_count=PIECE.c.comment_count + 1,
    other_comment_count=PIECE.c.other_comment_count + OTHERS,
    last_comment_at=MOMENT,
    last_active_at=MOMENT,
    first_answer_at=case(
        (OTHERS == 1, func.coalesce(PIECE.c.first_answer_at, MOMENT)),
        else_=PIECE.c.first_answer_at,
    ),
)
COUNT = Prepared(COUNTING)
"""A reply takes the next place, and counts."""
PASS = Prepared(NEXT)
"""A reply takes the next place only."""


class EditedMeanwhileError(Exception):
    """Someone else changed the reply after this editor had opened it."""


class TooSoonError(Exception):
    """The discussion is slow, and this member must wait before they reply again: until `when`."""

    def __init__(self, when: datetime) -> None:
        super().__init__(str(when))
        self.when = when


@dataclass(frozen=True)
class Written:
    """A reply with all that takes long done: rendered, and its words looked up.

    In `html` stands `mark` where the number of the reply comes. One with images is rendered again
    when it is placed: they may be gone by then.
    """

    body: str
    html: str
    mark: str
    mentions: Sequence[str]
    words: Words
    has_images: bool
    is_new: bool
    """Whether `author` does not take part in this piece yet."""


def add(content: Content, author: User, body: str, key: str) -> Comment:
    """Place a reply under `content`, all at once; as `place`."""
    return place(prepare(content, author, body), content, author, key)


def prepare(content: Content, author: User, body: str) -> Written:
    """Do for a reply what nobody has to wait for: it only reads.

    Raises app.lib.markdown.MarkdownRefused when the text cannot be rendered in reasonable time.
    """
    mark, pictures = token_hex(16), Pictures(None, author)
    found = rendered_reply(body, content, pictures, f"r{mark}-")
    return Written(
        body, found.html, mark, found.mentions, search_ahead.words_of(found.html, content, author),
        has_images=bool(pictures.asked) or "<img" in found.html,
        is_new=not takes_part(content, author),
    )  # fmt: skip


def takes_part(content: Content, author: User) -> bool:
    """Tell whether `author` follows the piece, or has a reply to it that is there for others."""
    return bool(TAKES_PART.rows(author=author.id, piece=content.id)[0][0])


def place(prepared: Written, content: Content, author: User, key: str) -> Comment:
    """Place a reply under `content` and tell its followers and those mentioned.

    When it must wait for a moderator, it has its place, but it is neither counted nor told yet.
    The same text sent again with the same `key` gives the reply that is already there. Another
    text with that key is a reply of its own: someone went back in the browser and wrote on.
    Raises TooSoonError where members must wait between two replies.
    """
    lock(content)
    key = str(uuid5(NAMESPACE_OID, f"{key}\n{content.id}\n{prepared.body}"))
    if earlier := EARLIER.rows(author=author.id, key=key):
        return known(db.session.get_one(Comment, earlier[0][0]), content, author)
    when = next_turn(content, author)
    if when is not None:
        raise TooSoonError(when)
    comment = insert_reply(prepared, content, author, key)
    if prepared.has_images:
        found = render_comment(comment, content, author)
        prepared = replace(prepared, html=found.html, mentions=found.mentions)
    else:
        search_ahead.keep(comment, prepared.words)
        alarms.watch(comment)
    if comment.held_at is None:
        tell(comment, prepared.mentions, is_first=prepared.is_new)
    return comment


def insert_reply(prepared: Written, content: Content, author: User, key: str) -> Comment:
    """Store a reply at the next place of its piece."""
    moment = now()
    held_at = moment if holding.must_wait(author, content.group, content.theme_id) else None
    values = BLANK | {
        "content_id": content.id, "author_id": author.id, "submission_key": key,
        "body": prepared.body, "body_html": prepared.html, "renderer": RENDERER_VERSION,
        "created_at": moment, "held_at": held_at, "hidden_at": held_at,
        "position": next_position(content, author, moment, counts=held_at is None),
    }  # fmt: skip
    values["id"] = INSERT.rows(**values)[0][0]
    comment: Comment = NEW.make([values[name] for name in NEW.names])
    # The session keeps what changes of it from now on, and nothing has to be read for that.
    db.session.add(comment)
    known(comment, content, author)
    if prepared.mark in prepared.html:
        comment.body_html = prepared.html.replace(prepared.mark, str(comment.id))
        db.session.flush()
    return comment


def known(comment: Comment, content: Content, author: User) -> Comment:
    """Return a reply that knows its piece and its author, which were read already."""
    set_committed_value(comment, "content", content)
    set_committed_value(comment, "author", author)
    return comment


def appear(comment: Comment) -> None:
    """Count a reply that waited, and let all that should follow from it happen.

    Its `author` and its `content` are needed.
    """
    content, author = comment.content, comment.author
    recount(content)
    rendered = render_comment(comment, content, author)
    mine = select(func.count()).where(
        Comment.content_id == content.id, Comment.author_id == author.id, Comment.held_at.is_(None)
    )
    tell(comment, rendered.mentions, is_first=db.session.scalar(mine) == 1)


def tell(comment: Comment, names: Sequence[str], *, is_first: bool) -> None:
    """Let all that should follow from a reply happen, when it is there for others.

    `is_first`: of its author, to this piece.
    """
    content, author = comment.content, comment.author
    if is_first:
        reactions.follow(content, author)
    mentions.tell(comment, content, names, author)
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
    if db.engine.dialect.name != "sqlite":
        db.session.execute(select(Content.id).where(Content.id == content.id).with_for_update())


def next_position(content: Content, author: User, moment: datetime, *, counts: bool) -> int:
    """Count a new reply with its piece, unless it waits, and return its place."""
    by_another = counts and author.id != content.author_id
    values = {"piece": content.id, "moment": moment, "by_another": int(by_another)}
    position, replies, of_others = (COUNT if counts else PASS).rows(**values)[0]
    new = {"last_position": position, "comment_count": replies, "other_comment_count": of_others}
    if counts:
        new |= {"last_comment_at": moment, "last_active_at": moment}
    if by_another:
        new["first_answer_at"] = content.first_answer_at or moment
    for name, value in new.items():
        set_committed_value(content, name, value)
    return int(position)


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
