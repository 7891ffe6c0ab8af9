"""Discussions of a seed with their replies, and what members add to them, as rows.

All that is counted is counted here while the rows are made, as the product would have done it.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import cycle, islice
from random import Random
from typing import Any

from app.lib.markdown import RENDERER_VERSION, summary
from app.lib.slugs import slugify
from app.models import Status
from bench import vocabulary as words
from bench.people import READER, TAGS, People
from bench.texts import Writer

SHORT, LONG = 20, 200
"""How many replies the first and the second discussion have: the ones that are measured."""
YEARS = 3
HOURS_BETWEEN = 9.0
Row = dict[str, Any]


@dataclass
class Talk:
    """A discussion before its texts are written: who, when, and what will be counted."""

    id: int
    author: int
    started: datetime
    theme: int
    group: int | None
    replies: int
    answered: int | None = None
    likes: list[int] = field(default_factory=list)
    readers: list[int] = field(default_factory=list)
    follows: dict[int, datetime] = field(default_factory=dict)
    comment_count: int = 0
    other_comment_count: int = 0
    first_answer_at: datetime | None = None
    last_comment_at: datetime | None = None


@dataclass
class Reply:
    """A reply before its text is written."""

    at: datetime
    talk: Talk
    position: int
    author: int
    withdrawn: bool
    likes: list[int]


def talks(people: People, discussions: int, replies: int) -> list[Talk]:
    """Return all discussions, the oldest first; of the first two the length is fixed."""
    chance, days = people.chance, YEARS * 365
    lengths = [SHORT, LONG, *shared(replies - SHORT - LONG, discussions - 2, chance)]
    ages = sorted((chance.uniform(0.05, days) for _ in range(discussions)), reverse=True)
    made = []
    for number, (length, age) in enumerate(zip(lengths, ages, strict=True), 1):
        in_group = number > 2 and chance.random() < 0.15
        group = chance.randint(1, people.groups) if in_group else None
        readers = people.readers(group)
        author = chance.choice([member for member in chance.sample(readers, 2) if member != READER])
        talk = Talk(
            number, author, people.before(age), number % len(words.THEMES) + 1, group, length
        )
        talk.follows[author] = talk.started
        talk.likes = some(readers, chance.randint(0, 6), chance)
        talk.readers = some(readers, length // 2 + chance.randint(1, 12), chance)
        made.append(talk)
    return made


def shared(total: int, parts: int, chance: Random) -> list[int]:
    """Divide replies among discussions as it goes: a few get many, one in twelve gets none."""
    weights = [
        0.0 if chance.random() < 1 / 12 else chance.lognormvariate(0, 1.1) for _ in range(parts)
    ]
    found = [int(total * weight / sum(weights)) for weight in weights]
    talked = [place for place, weight in enumerate(weights) if weight]
    for place in islice(cycle(talked), total - sum(found)):
        found[place] += 1
    return found


def some(readers: range | list[int], number: int, chance: Random) -> list[int]:
    """Return some of these people, each once."""
    return chance.sample(readers, min(number, len(readers)))


def replies_of(talk: Talk, people: People) -> Iterator[Reply]:
    """Yield the replies to a discussion in their order, and count them."""
    chance, readers = people.chance, people.readers(talk.group)
    gaps = [chance.expovariate(1 / HOURS_BETWEEN) for _ in range(talk.replies)]
    left = (people.now - talk.started).total_seconds() / 3600
    pace = min(1.0, left * 0.99 / sum(gaps)) if gaps else 1.0
    at = talk.started
    # Those who talk are few: some come back.
    talkers = some(readers, max(2, talk.replies * 2 // 3), chance)
    for position, gap in enumerate(gaps, 1):
        at += timedelta(hours=gap * pace)
        author = chance.choice(talkers)
        withdrawn = talk.id > 2 and chance.random() < 0.005
        liked = chance.randint(1, 4) if chance.random() < 0.25 else 0
        reply = Reply(at, talk, position, author, withdrawn, some(readers, liked, chance))
        talk.follows.setdefault(author, at)
        if not withdrawn:
            count(talk, reply)
        yield reply


def count(talk: Talk, reply: Reply) -> None:
    """Count a reply that is shown with its discussion."""
    talk.comment_count += 1
    talk.last_comment_at = reply.at
    if reply.author != talk.author:
        talk.other_comment_count += 1
        talk.first_answer_at = talk.first_answer_at or reply.at


def content_row(talk: Talk, people: People, writer: Writer) -> Row:
    """Return the row of a discussion, with its text and its counts."""
    title, text = writer.title(), writer.reply(6)
    newest = people.before(20)
    return {
        "id": talk.id, "kind": "discussion", "title": title, "slug": slugify(title),
        "summary": summary(text.html), "body": text.body, "body_html": text.html,
        "renderer": RENDERER_VERSION, "author_id": talk.author, "group_id": talk.group,
        "theme_id": talk.theme, "status": Status.PUBLISHED, "created_at": talk.started,
        "published_at": talk.started, "last_active_at": talk.last_comment_at or talk.started,
        "comment_count": talk.comment_count, "other_comment_count": talk.other_comment_count,
        "last_position": talk.replies, "last_comment_at": talk.last_comment_at,
        "first_answer_at": talk.first_answer_at, "like_count": len(talk.likes),
        "view_count": len(talk.readers), "version": 1,
        "pinned_until": people.before(-30) if talk.id in {3, 4} else None,
        "featured_at": talk.started if talk.id % 200 == 5 and talk.started < newest else None,
    }  # fmt: skip


def opening(row: Row) -> Row:
    """Return the first version of a discussion."""
    return {
        "content_id": row["id"], "number": 1, "title": row["title"], "body": row["body"],
        "author_id": row["author_id"], "created_at": row["created_at"],
    }  # fmt: skip


def comment_row(number: int, reply: Reply, writer: Writer) -> Row:
    """Return the row of a reply, with its text."""
    text = writer.reply()
    return {
        "id": number, "content_id": reply.talk.id, "position": reply.position,
        "author_id": reply.author, "body": text.body, "body_html": text.html,
        "renderer": RENDERER_VERSION, "created_at": reply.at, "like_count": len(reply.likes),
        "withdrawn_at": reply.at + timedelta(minutes=5) if reply.withdrawn else None,
    }  # fmt: skip


def likes_of_talk(talk: Talk) -> Iterator[Row]:
    """Yield the likes of a discussion itself."""
    for member in talk.likes:
        yield {"user_id": member, "content_id": talk.id, "comment_id": None,
               "created_at": talk.started}  # fmt: skip


def likes_of_reply(number: int, reply: Reply) -> Iterator[Row]:
    """Yield the likes of a reply."""
    for member in reply.likes:
        yield {"user_id": member, "content_id": None, "comment_id": number,
               "created_at": reply.at}  # fmt: skip


def follow_rows(talk: Talk) -> Iterator[Row]:
    """Yield who follow a discussion: who wrote in it."""
    for member, at in talk.follows.items():
        yield {"user_id": member, "content_id": talk.id, "level": "all", "created_at": at}


def view_rows(talk: Talk) -> Iterator[Row]:
    """Yield who read a discussion, on the day on which it began."""
    day = talk.started.date().isoformat()
    for member in talk.readers:
        yield {"content_id": talk.id, "user_id": member, "day": day}


def tag_rows(talk: Talk, chance: Random) -> Iterator[Row]:
    """Yield the keywords of a discussion."""
    for tag in chance.sample(range(1, TAGS + 1), chance.randint(0, 3)):
        yield {"content_id": talk.id, "tag_id": tag}


def notification_rows(found: list[Talk], people: People, each: int, unread: int) -> Iterator[Row]:
    """Yield news of replies for every member, in the order in which it came; the last is unread."""
    open_to_all = [talk for talk in found if talk.group is None and talk.last_comment_at]
    left = Counter(dict.fromkeys(range(1, people.members + 1), each))
    chosen = [
        (talk.last_comment_at, member, talk)
        for member in left
        for talk in people.chance.sample(open_to_all, min(each, len(open_to_all)))
        if talk.last_comment_at
    ]
    left = Counter(member for _at, member, _talk in chosen)
    for at, member, talk in sorted(chosen, key=lambda row: (row[0], row[1])):
        left[member] -= 1
        yield {
            "user_id": member, "verb": "replied", "content_id": talk.id, "actor_id": talk.author,
            "count": 1, "created_at": at, "read_at": None if left[member] < unread else at,
        }  # fmt: skip
