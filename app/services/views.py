"""Who read what: counted once for a member and a day, in batches, outside requests."""

from collections import defaultdict
from collections.abc import Iterable
from functools import partial
from typing import Any

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.extensions import Kring, db
from app.lib.batches import Batch
from app.lib.clock import local, now
from app.models import Content, ContentView, User
from app.site import site

Seen = tuple[int, int, str]
EXTENSION = "kring_views"
INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def init_app(app: Kring) -> None:
    """Give this application a batch of its own."""
    app.extensions[EXTENSION] = Batch[Seen](partial(write, app))


def saw(user: User, content: Content) -> None:
    """Note that `user` reads `content` today, where the community counts views."""
    if site().show_views:
        day = local(now()).date().isoformat()
        current_app.extensions[EXTENSION].add((content.id, user.id, day))


def write(app: Kring, seen: Iterable[Seen]) -> None:
    """Keep the views that are new, and count them, in one transaction."""
    with app.app_context():
        readers = still_there(set(seen))
        for content_id in sorted(readers):
            count(content_id, readers[content_id])
        db.session.commit()


def still_there(seen: set[Seen]) -> dict[int, list[dict[str, Any]]]:
    """Return the new rows by piece, without those of pieces and people that are gone."""
    pieces = {content_id for content_id, _user, _day in seen}
    people = {user_id for _content, user_id, _day in seen}
    pieces &= set(db.session.scalars(select(Content.id).where(Content.id.in_(pieces))))
    people &= set(db.session.scalars(select(User.id).where(User.id.in_(people))))
    rows = defaultdict(list)
    for content_id, user_id, day in sorted(seen):
        if content_id in pieces and user_id in people:
            rows[content_id].append({"content_id": content_id, "user_id": user_id, "day": day})
    return rows


def count(content_id: int, rows: list[dict[str, Any]]) -> None:
    """Add the views of one piece that were not there yet to its counter."""
    insert = INSERT[db.engine.dialect.name](ContentView).values(rows)
    fresh = db.session.execute(insert.on_conflict_do_nothing().returning(ContentView.user_id)).all()
    if fresh:
        db.session.execute(
            update(Content)
            .where(Content.id == content_id)
            .values(view_count=Content.view_count + len(fresh))
            .execution_options(synchronize_session=False)
        )
