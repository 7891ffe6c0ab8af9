"""Likes, follows and bookmarks: each once, however often it is asked, with counters kept in SQL."""

from functools import cache
from typing import Any

from sqlalchemy import delete, inspect, update
from sqlalchemy.dialects import postgresql, sqlite

from app.extensions import Base, db
from app.models import Bookmark, Comment, Content, Follow, FollowLevel, Like, User
from app.models.unattached import rows


def like(subject: Content | Comment, user: User, *, wanted: bool) -> None:
    """Let `user` like the subject, or no longer; asking twice changes nothing more."""
    model = Comment if isinstance(subject, Comment) else Content
    key = {"comment_id" if model is Comment else "content_id": subject.id, "user_id": user.id}
    changed = add_once(Like, **key) if wanted else take_away(Like, **key)
    if changed:
        step = 1 if wanted else -1
        db.session.execute(
            update(model)
            .where(model.id == subject.id)
            .values(like_count=model.like_count + step)
            .execution_options(synchronize_session=False)
        )
        db.session.expire(subject, ["like_count"])


def follow(content: Content, user: User) -> None:
    """Let `user` hear of all news about a piece; who chose before of what they hear keeps to that."""
    add_once(Follow, user_id=user.id, content_id=content.id)


def watch(content: Content, user: User, level: FollowLevel | None) -> None:
    """Let `user` hear of this much news about a piece; None: no longer follow it."""
    if level is None:
        take_away(Follow, user_id=user.id, content_id=content.id)
    else:
        put(Follow, {"level": level}, user_id=user.id, content_id=content.id)


def bookmark(content: Content, user: User, *, wanted: bool) -> None:
    """Let `user` keep a piece to find it back, or no longer; nobody else sees it."""
    change = add_once if wanted else take_away
    change(Bookmark, user_id=user.id, content_id=content.id)


def add_once(model: type[Base], **values: Any) -> bool:
    """Insert a row unless it is there already; tell whether it is new. Safe in parallel."""
    return bool(rows(adding_once(model, db.engine.dialect.name), values))


@cache
def adding_once(model: type[Base], dialect: str) -> Any:
    """Return the statement that inserts a row unless it is there already."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    table: Any = inspect(model).local_table
    return insert(table).on_conflict_do_nothing().returning(*table.primary_key)


def put(model: type[Base], change: dict[str, Any], **key: Any) -> None:
    """Insert a row, or give the one with this key (its primary key) these values. Safe in parallel."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    statement = insert(model).values(**key, **change)
    db.session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=change))


def take_away(model: type[Base], **values: Any) -> bool:
    """Delete the row with these values; tell whether there was one."""
    gone = delete(model).filter_by(**values)
    return changes(gone.execution_options(synchronize_session=False), model)


def changes(statement: Any, model: type[Base]) -> bool:
    """Tell whether a statement did something: row counts differ between databases, rows do not."""
    keys = inspect(model).primary_key
    return db.session.execute(statement.returning(*keys)).first() is not None
