"""`python -m bench.seed`: a database of a given size, the same one for the same seed.

Rows go straight into the tables; wiki pages are rendered and the search index is made by the product
itself. A seed made once is kept; its schema and its index are brought up to date as those of any database.
"""

import argparse
import os
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from app import create_app
from app.cli.migrating import upgrade_schema
from app.cli.schema import SchemaState, schema_state
from app.config import ROOT
from app.extensions import db
from app.lib import passwords
from app.lib.clock import now
from app.models import (
    Comment,
    Content,
    ContentView,
    Department,
    Discussion,
    Follow,
    Group,
    Like,
    Notification,
    Revision,
    Setting,
    Tag,
    Theme,
    User,
    WikiPage,
    content_tags,
)
from app.services import search_rebuild
from app.services.text import render_stale
from bench import conversations, wiki
from bench.conversations import Reply, Talk
from bench.people import People
from bench.texts import Writer

VERSION = 2
"""Of what a seed holds: another number makes every seed anew."""
MARK = "bench_seed"
PASSWORD = "voorbeeld-kring-2026"
SEED = 2026
CHUNK = 5_000
FEWEST = 300
ANSWERED = 0.1
NUMBERED = (Department, User, Theme, Tag, Group, Content, Comment)
"""Tables of which the rows are numbered here, not by the database."""


class NotASeedError(Exception):
    """The database holds something else: it is left alone."""


@dataclass(frozen=True)
class Size:
    """How much there is of everything."""

    replies: int = 100_000
    members: int = 1_000
    wiki_pages: int = 500
    groups: int = 20
    notifications: int = 60
    unread: int = 4

    @property
    def discussions(self) -> int:
        """Return how many discussions there are: one for twenty replies."""
        return max(10, self.replies // 20)


def folder_for(replies: int, database: str = "sqlite") -> Path:
    """Return the instance folder of a seed: where it is kept."""
    return ROOT / "instance" / "bench" / f"{database}-{replies}"


def environment(folder: Path, url: str = "") -> dict[str, str]:
    """Return the variables by which the product finds a seed."""
    found = {"KRING_INSTANCE": str(folder)}
    return found | ({"KRING_DATABASE_URL": url} if url else {})


def ensure(folder: Path, size: Size, url: str = "", seed: int = SEED) -> bool:
    """Make the seed in this folder, unless it is there already; tell whether it was made.

    Raises NotASeedError for a database with something else in it.
    """
    os.environ |= environment(folder, url)
    wanted = {"version": VERSION, "replies": size.replies, "seed": seed}
    app = create_app()
    with app.app_context():
        try:
            if is_kept(wanted):
                upgrade_schema()
                search_rebuild.rebuild()
                return False
            if schema_state() is SchemaState.EMPTY:
                make(size, seed, wanted)
                return True
        finally:
            db.session.remove()
            db.engine.dispose()
    forget(folder, url)
    return ensure(folder, size, url, seed)


def is_kept(wanted: Mapping[str, Any]) -> bool:
    """Tell whether the database holds this seed. Raises NotASeedError when it holds no seed."""
    state = schema_state()
    if state is SchemaState.EMPTY:
        return False
    kept = mark()
    if kept is None:
        raise NotASeedError(f"{db.engine.url} holds something else than a seed")
    return kept == wanted and state is not SchemaState.NEWER


def make(size: Size, seed: int, wanted: Mapping[str, Any]) -> None:
    """Make a seed in an empty database. It is marked at once, so that a half one is known as such."""
    upgrade_schema()
    keep(Setting, [{"key": MARK, "value": {}}])
    fill(size, seed)
    db.session.execute(update(Setting).where(Setting.key == MARK).values(value=wanted))
    db.session.commit()
    settle()


def mark() -> Mapping[str, Any] | None:
    """Return what seed this database holds; None when it is none."""
    try:
        found: Mapping[str, Any] | None = db.session.scalar(
            select(Setting.value).where(Setting.key == MARK)
        )
    except DBAPIError:
        found = None
    db.session.rollback()
    return found


def forget(folder: Path, url: str) -> None:
    """Throw a seed away that was made by other rules, or stopped half-way."""
    if not url:
        shutil.rmtree(folder)
        return
    app = create_app()
    with app.app_context():
        db.session.execute(text("DROP SCHEMA public CASCADE"))
        db.session.execute(text("CREATE SCHEMA public"))
        db.session.commit()
        db.engine.dispose()


def fill(size: Size, seed: int = SEED) -> None:
    """Fill an empty database."""
    steps = Steps()
    writer = Writer(seed)
    today = now().replace(hour=0, minute=0, second=0, microsecond=0)
    people = People(size.members, size.groups, today, writer.chance)
    for table, rows in people.rows(passwords.hash_password(PASSWORD), writer):
        keep(table, rows)
    steps.done("people")
    found = conversations.talks(people, size.discussions, size.replies)
    replies = [reply for talk in found for reply in conversations.replies_of(talk, people)]
    replies.sort(key=lambda reply: reply.at)
    steps.done("plan")
    add_talks(found, people, writer)
    steps.done("discussions")
    keep(
        Comment,
        (
            conversations.comment_row(number, reply, writer)
            for number, reply in enumerate(replies, 1)
        ),
    )
    steps.done("replies")
    add_marks(found, replies, people, size)
    steps.done("likes, followers, readers, news")
    add_wiki(size.discussions + 1, size.wiki_pages, people, writer)
    steps.done("wiki")
    set_sequences()
    search_rebuild.rebuild()
    steps.done("search index")


class Steps:
    """Tells how long each step took."""

    def __init__(self) -> None:
        self.started = time.monotonic()

    def done(self, name: str) -> None:
        """Print what is done."""
        seconds, self.started = time.monotonic() - self.started, time.monotonic()
        print(f"  {name}: {seconds:.1f} s", flush=True)


def keep(table: Any, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows, some thousands at a time; a transaction for each."""
    left = iter(rows)
    statement = insert(getattr(table, "__table__", table))
    while some := list(islice(left, CHUNK)):
        db.session.execute(statement, some)
        db.session.commit()


def add_talks(found: list[Talk], people: People, writer: Writer) -> None:
    """Add the discussions, each with its first version."""
    left: Iterator[Talk] = iter(found)
    while some := list(islice(left, CHUNK)):
        rows = [conversations.content_row(talk, people, writer) for talk in some]
        keep(Content, rows)
        keep(Discussion, ({"id": row["id"], "is_question": row["id"] % 4 != 0} for row in rows))
        keep(Revision, map(conversations.opening, rows))


def add_marks(found: list[Talk], replies: list[Reply], people: People, size: Size) -> None:
    """Add what members added: likes, answers, follows, views, keywords; and the news of it."""
    numbered = list(enumerate(replies, 1))
    of_replies = (conversations.likes_of_reply(number, reply) for number, reply in numbered)
    keep(Like, chain.from_iterable(map(conversations.likes_of_talk, found)))
    keep(Like, chain.from_iterable(of_replies))
    answers = [
        {"key": reply.talk.id, "answer": number}
        for number, reply in numbered
        if reply.position == 2 and not reply.withdrawn and people.chance.random() < ANSWERED
    ]
    mark_answers(answers)
    keep(Follow, chain.from_iterable(map(conversations.follow_rows, found)))
    keep(ContentView, chain.from_iterable(map(conversations.view_rows, found)))
    tags = (conversations.tag_rows(talk, people.chance) for talk in found)
    keep(content_tags, chain.from_iterable(tags))
    news = conversations.notification_rows(found, people, size.notifications, size.unread)
    keep(Notification, news)


def mark_answers(answers: list[dict[str, int]]) -> None:
    """Mark replies as the answers to their questions."""
    table = Discussion.__table__
    statement = (
        update(table)  # type: ignore[arg-type]  # a declared class has a Table
        .where(table.c.id == text(":key"), table.c.is_question)
        .values(answer_id=text(":answer"))
    )
    if answers:
        db.session.connection().execute(statement, answers)
    db.session.commit()


def add_wiki(first: int, number: int, people: People, writer: Writer) -> None:
    """Add the wiki; the product renders its pages, with their links."""
    for content, own, versions in wiki.rows(
        wiki.pages(first, number, people, writer), people, writer
    ):
        for table, rows in ((Content, [content]), (WikiPage, [own]), (Revision, versions)):
            db.session.execute(insert(table.__table__), rows)  # type: ignore[arg-type]  # as above
    db.session.commit()
    render_stale()


def set_sequences() -> None:
    """Let PostgreSQL give numbers after those that were given here."""
    if db.engine.dialect.name == "postgresql":
        for model in NUMBERED:
            name = model.__tablename__
            last = select(func.max(model.id)).scalar_subquery()
            db.session.execute(select(func.setval(func.pg_get_serial_sequence(name, "id"), last)))
    db.session.commit()


def settle() -> None:
    """Give PostgreSQL the statistics that it makes by itself while it is in use."""
    if db.engine.dialect.name != "postgresql":
        return
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")


def main() -> None:
    """Make a seed, and tell where it is."""
    parser = argparse.ArgumentParser(prog="python -m bench.seed", description=__doc__)
    parser.add_argument("--replies", type=int, default=Size().replies)
    parser.add_argument("--database", default="", help="postgresql://…; without it SQLite")
    parser.add_argument("--folder", type=Path, help="the instance folder to make it in")
    asked = parser.parse_args()
    if asked.replies < FEWEST:
        parser.error(f"a seed has at least {FEWEST} replies")
    kind = "postgresql" if asked.database else "sqlite"
    folder = (asked.folder or folder_for(asked.replies, kind)).resolve()
    made = ensure(folder, Size(asked.replies), asked.database)
    print(f"{'Made' if made else 'Kept'}: {folder}")


if __name__ == "__main__":
    main()
