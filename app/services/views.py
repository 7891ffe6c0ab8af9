"""What reading leaves behind, written in batches, outside requests.

Who read what is counted once for a member and a day. Of browsers and members is kept when they were
last seen.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from flask import current_app
from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.extensions import Kring, db
from app.lib.batches import Batch
from app.lib.clock import local, now
from app.models import Content, ContentView, User, UserSession
from app.site import site

Seen = tuple[int, int, str]
Used = tuple[int, int, datetime]
EXTENSION = "kring_views"
USES = "kring_uses"
INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}

VIEWS: Any = ContentView.__table__
PIECES: Any = Content.__table__
BROWSERS: Any = UserSession.__table__
PEOPLE: Any = User.__table__
ADD = (
    update(PIECES)
    .where(PIECES.c.id == bindparam("piece"))
    .values(view_count=PIECES.c.view_count + bindparam("times"))
)
LAST_SEEN = {
    table: (
        update(table)
        .where(table.c.id == bindparam("key"))
        .where(or_(table.c.last_seen_at.is_(None), table.c.last_seen_at < bindparam("moment")))
        .values(last_seen_at=bindparam("moment"))
    )
    for table in (BROWSERS, PEOPLE)
}


def init_app(app: Kring) -> None:
    """Give this application its batches."""
    app.extensions[EXTENSION] = Batch[Seen](partial(write, app))
    app.extensions[USES] = Batch[Used](partial(write_uses, app))


def saw(user: User, content: Content) -> None:
    """Note that `user` reads `content` today, where the community counts views."""
    if site().show_views:
        day = local(now()).date().isoformat()
        current_app.extensions[EXTENSION].add((content.id, user.id, day))


def write(app: Kring, seen: Iterable[Seen]) -> None:
    """Keep the views that are new, and count them, in one transaction of a few statements."""
    with app.app_context():
        rows = still_there(set(seen))
        if rows:
            count(rows)
        db.session.commit()


def still_there(seen: set[Seen]) -> list[dict[str, Any]]:
    """Return the new rows, without those of pieces and people that are gone."""
    pieces = {content_id for content_id, _user, _day in seen}
    people = {user_id for _content, user_id, _day in seen}
    pieces &= set(db.session.scalars(select(Content.id).where(Content.id.in_(pieces))))
    people &= set(db.session.scalars(select(User.id).where(User.id.in_(people))))
    return [
        {"content_id": content_id, "user_id": user_id, "day": day}
        for content_id, user_id, day in sorted(seen)
        if content_id in pieces and user_id in people
    ]


def count(rows: list[dict[str, Any]]) -> None:
    """Add the views that were not there yet to the counters of their pieces."""
    insert = INSERT[db.engine.dialect.name](VIEWS).on_conflict_do_nothing()
    connection = db.session.connection()
    fresh = Counter(connection.execute(insert.returning(VIEWS.c.content_id), rows).scalars())
    if fresh:
        connection.execute(ADD, [{"piece": key, "times": n} for key, n in sorted(fresh.items())])


def used(session: UserSession) -> None:
    """Note that a browser is in use, and so its member is here."""
    current_app.extensions[USES].add((session.id, session.user_id, now()))


def write_uses(app: Kring, found: Iterable[Used]) -> None:
    """Keep when browsers and members were last seen; what is gone by now changes nothing."""
    browsers: dict[int, datetime] = {}
    people: dict[int, datetime] = {}
    for key, user_id, moment in found:
        browsers[key] = people[user_id] = moment
    with app.app_context():
        for statement, last in zip(LAST_SEEN.values(), (browsers, people), strict=True):
            # In order, so that two processes that do this never wait for each other.
            rows = [{"key": key, "moment": moment} for key, moment in sorted(last.items())]
            db.session.connection().execute(statement, rows)
            db.session.commit()
