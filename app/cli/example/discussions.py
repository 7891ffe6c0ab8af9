"""The example discussions, with their replies, appreciations, followers and readers."""

from datetime import datetime, timedelta
from typing import Any

from app.cli.example.community import DATA, Example, load, log
from app.cli.example.times import ago, following
from app.extensions import db
from app.lib.clock import local
from app.lib.slugs import slugify
from app.models import (
    Comment,
    Content,
    ContentView,
    Discussion,
    Follow,
    Helped,
    Like,
    Revision,
    User,
)
from app.services import moderation, tags, text
from app.services.activity import Verb

MARKS = {"likes", "helped", "answer", "summary", "hidden"}
PIN_REASON = "Voor iedereen van belang"
GAPS = (0.4, 1.5, 3.2, 5.5, 17.0, 22.0)
"""Hours between two replies."""


def add_discussions(example: Example) -> None:
    """Add all discussions, the oldest first, so that numbers follow dates."""
    found = [
        (path.stem, facts)
        for path in sorted((DATA / "discussions").glob("*.yaml"))
        for facts in load(f"discussions/{path.name}")
    ]
    for theme, facts in sorted(found, key=lambda each: -each[1]["days"]):
        discussion = start(example, theme, facts)
        add_replies(example, discussion, facts)
        add_measures(example, discussion, facts)
        add_audience(example, discussion, facts)
    db.session.flush()


def start(example: Example, theme: str, facts: dict[str, Any]) -> Discussion:
    """Add a discussion with its opening; one that was changed has two versions."""
    moment = ago(example.start, facts["days"])
    author, body = example.people[facts["by"]], facts["body"].strip()
    group = example.groups[facts["group"]] if "group" in facts else None
    discussion = Discussion(
        title=facts["title"], slug=slugify(facts["title"]), body=body, author=author,
        theme_id=example.themes[theme].id, group=group, is_question=not facts.get("topic", False),
        created_at=moment, published_at=moment, last_active_at=moment,
        tags=tags.named(facts["tags"]),
    )  # fmt: skip
    db.session.add(discussion)
    db.session.flush()
    text.render_content(discussion)
    texts = [(facts["before"].strip(), moment)] if "before" in facts else []
    texts.append((body, moment + timedelta(minutes=25 * len(texts))))
    for number, (each, at) in enumerate(texts, start=1):
        revision = Revision(
            content_id=discussion.id, number=number, title=discussion.title, body=each,
            author=author, created_at=at,
        )  # fmt: skip
        db.session.add(revision)
        discussion.version = number
    if len(texts) > 1:
        discussion.edited_at, discussion.edited_by = texts[-1][1], author
    example.pieces[discussion.title] = discussion
    return discussion


def add_replies(example: Example, discussion: Discussion, facts: dict[str, Any]) -> None:
    """Add the replies in their order, with what they are marked as, and count them."""
    replies = facts.get("replies", [])
    first = discussion.edited_at or discussion.created_at
    gaps = [example.chance.choice(GAPS) for _ in replies]
    made = example.replies[discussion.title] = []
    for moment, reply in zip(following(first, gaps, example.start), replies, strict=True):
        made.append(add_reply(example, discussion, reply, moment))
        mark(discussion, made[-1], reply)
    shown = [reply for reply in made if reply.hidden_at is None]
    discussion.last_position = len(made)
    discussion.comment_count = len(shown)
    discussion.other_comment_count = sum(r.author_id != discussion.author_id for r in shown)
    answers = [r.created_at for r in shown if r.author_id != discussion.author_id]
    discussion.first_answer_at = min(answers, default=None)
    if shown:
        discussion.last_comment_at = discussion.last_active_at = shown[-1].created_at


def add_reply(
    example: Example, discussion: Discussion, facts: dict[str, Any], moment: datetime
) -> Comment:
    """Add one reply; it stands in the files under the key of its author."""
    (key,) = facts.keys() - MARKS
    comment = Comment(
        content=discussion, author=example.people[key], body=facts[key].strip(), created_at=moment,
        position=len(example.replies[discussion.title]) + 1,
    )  # fmt: skip
    db.session.add(comment)
    db.session.flush()
    text.render_comment(comment, discussion)
    if "hidden" in facts:
        moderator = example.people["moderator"]
        hidden_at = moment + timedelta(hours=2)
        comment.hidden_at, comment.hidden_by_id = hidden_at, moderator.id
        comment.hidden_reason = facts["hidden"]
        log(Verb.HIDDEN, comment, moderator, hidden_at, reason=facts["hidden"])
    return comment


def mark(discussion: Discussion, comment: Comment, facts: dict[str, Any]) -> None:
    """Let a reply be the answer or the summary."""
    if facts.get("answer"):
        discussion.answer_id = comment.id
    if facts.get("summary"):
        discussion.summary_comment_id = comment.id


def add_measures(example: Example, discussion: Discussion, facts: dict[str, Any]) -> None:
    """Let moderators pin, feature or lock a discussion, as its facts say."""
    moderator = example.people["moderator"]
    moment = discussion.last_active_at + timedelta(hours=1)
    if "pinned" in facts:
        until = local(example.start).date() + timedelta(days=facts["pinned"])
        discussion.pinned_until = moderation.end_of(until)
        result = moderation.until_text(until)
        log(Verb.PINNED, discussion, moderator, moment, reason=PIN_REASON, result=result)
    if "featured" in facts:
        discussion.featured_at = moment
        log(Verb.FEATURED, discussion, moderator, moment, reason=facts["featured"])
    if "locked" in facts:
        discussion.locked_at, discussion.locked_reason = moment, facts["locked"]
        log(Verb.LOCKED, discussion, moderator, moment, reason=facts["locked"])


def add_audience(example: Example, discussion: Discussion, facts: dict[str, Any]) -> None:
    """Add who read, follows and appreciates a discussion."""
    readers = example.readers(facts.get("group"))
    replies = example.replies[discussion.title]
    for user in {discussion.author, *(reply.author for reply in replies)}:
        follow = Follow(user_id=user.id, content_id=discussion.id, created_at=discussion.created_at)
        db.session.add(follow)
    add_views(example, discussion, readers)
    like(example, discussion, readers, facts.get("likes", 0), discussion.created_at)
    for reply, reply_facts in zip(replies, facts.get("replies", []), strict=True):
        like(example, reply, readers, reply_facts.get("likes", 0), reply.created_at)
        say_helped(example, reply, reply_facts.get("helped", {}))


def add_views(example: Example, discussion: Discussion, readers: list[User]) -> None:
    """Let part of the readers have read it: once, on the day of the last reply."""
    least = min(len(readers), len(example.replies[discussion.title]) + 2)
    number = example.chance.randint(least, len(readers))
    day = local(discussion.last_active_at).date().isoformat()
    for user in example.chance.sample(readers, number):
        db.session.add(ContentView(content_id=discussion.id, user_id=user.id, day=day))
    discussion.view_count = number


def like(
    example: Example, subject: Content | Comment, readers: list[User], number: int, moment: datetime
) -> None:
    """Let so many readers other than the author appreciate a piece or a reply."""
    others = [user for user in readers if user.id != subject.author_id]
    chosen = example.chance.sample(others, min(number, len(others)))
    key = "comment_id" if isinstance(subject, Comment) else "content_id"
    for user in chosen:
        later = moment + (example.start - moment) * example.chance.random() * 0.5
        db.session.add(Like(user_id=user.id, created_at=later, **{key: subject.id}))
    subject.like_count = len(chosen)


def say_helped(example: Example, reply: Comment, lines: dict[str, str]) -> None:
    """Let people say that a reply helped them, and how."""
    for number, (key, line) in enumerate(lines.items(), start=1):
        moment = reply.created_at + (example.start - reply.created_at) * 0.2 * number
        user = example.people[key]
        db.session.add(Helped(user_id=user.id, comment_id=reply.id, line=line, created_at=moment))
    reply.helped_count = len(lines)
