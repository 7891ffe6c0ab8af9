"""The log is a chain: what is changed, put between or taken away behind its back shows."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import Connection, func, insert, select, text
from sqlalchemy.exc import DatabaseError

from app.extensions import Kring, db
from app.lib.clock import now
from app.models import LogEntry, LogHead, User
from app.services import activity, log_chain
from app.services.activity import Verb
from bench.statements import statements
from tests.cast import Cast, discussion
from tests.databases import KIND

AT_ONCE = 20


def fill(cast: Cast, rows: int = 5) -> list[int]:
    """Log some deeds; return the ids of all rows."""
    piece = discussion(cast.member)
    for number in range(rows):
        activity.log(Verb.LOCKED, piece, cast.moderator, reason=f"Reden {number} – «é»")
    db.session.commit()
    found = list(db.session.scalars(select(LogEntry.id).order_by(LogEntry.id)))
    db.session.rollback()
    return found


def verdict() -> log_chain.Verdict:
    """Look at the chain as it is now."""
    db.session.rollback()
    found = log_chain.verify()
    db.session.rollback()
    return found


@contextmanager
def behind_its_back() -> Iterator[Connection]:
    """Give a connection for which the database refuses nothing, as its owner can have it."""
    db.session.rollback()
    with db.engine.begin() as connection:
        if KIND == "postgres":
            connection.execute(text("ALTER TABLE log_entries DISABLE TRIGGER USER"))
            yield connection
            connection.execute(text("ALTER TABLE log_entries ENABLE TRIGGER USER"))
        else:
            for change in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER log_entries_no_{change}"))
            yield connection


def test_every_logged_deed_has_its_place(cast: Cast) -> None:
    assert verdict() == log_chain.Verdict(0)
    keys = fill(cast)
    activity.record(Verb.LOCKED, discussion(cast.member), cast.moderator, reason="Kan niet")
    activity.log(Verb.SETTING_CHANGED, cast.theme, None, result="Door een opdracht")
    many = [activity.row(Verb.TAG_DELETED, cast.theme, cast.manager) for _time in range(4)]
    activity.log_all(many)
    activity.log(Verb.PINNED, cast.theme, cast.manager)
    db.session.commit()
    hashes = db.session.scalars(select(LogEntry.hash)).all()
    assert len(hashes) == len(set(hashes)) == len(keys) + 7 and all(len(h) == 64 for h in hashes)
    found = verdict()
    assert found.holds and found.rows == len(hashes) and found.last == last_hash()


def last_hash() -> str:
    newest = select(LogEntry.hash).order_by(LogEntry.id.desc()).limit(1)
    return db.session.scalars(newest).one()


def test_a_deed_that_is_rolled_back_leaves_no_gap(cast: Cast) -> None:
    fill(cast)
    activity.log(Verb.LOCKED, cast.theme, cast.moderator)
    db.session.rollback()
    activity.log(Verb.LOCKED, cast.theme, cast.moderator)
    db.session.commit()
    assert verdict().holds


@pytest.mark.parametrize(
    "change",
    [
        "reason = 'Iets anders'", "actor_name = 'Iemand anders'", "actor_id = NULL",
        "action = 'restored'", "subject_id = 4711", "group_id = 1", "result = 'x'",
        "address = '10.0.0.1'", "subject_label = 'x'", "subject_kind = 'wiki'", "hash = 'x'",
    ],
)  # fmt: skip
def test_a_changed_row_shows(cast: Cast, change: str) -> None:
    keys = fill(cast)
    with behind_its_back() as raw:
        statement = f"UPDATE log_entries SET {change} WHERE id = :id"  # noqa: S608  # from above
        raw.execute(text(statement), {"id": keys[2]})
    found = verdict()
    assert not found.holds and found.broken_at == keys[2]


def test_another_moment_shows(cast: Cast) -> None:
    keys = fill(cast)
    with behind_its_back() as raw:
        later = LogEntry.__table__.update().where(LogEntry.id == keys[0])  # type: ignore[attr-defined]  # a table
        raw.execute(later.values(at=now() - timedelta(days=1)))
    assert verdict().broken_at == keys[0]


def test_a_row_taken_from_the_middle_shows(cast: Cast) -> None:
    keys = fill(cast)
    with behind_its_back() as raw:
        raw.execute(text("DELETE FROM log_entries WHERE id = :id"), {"id": keys[1]})
    assert verdict().broken_at == keys[2]


def test_rows_taken_from_the_end_show(cast: Cast) -> None:
    keys = fill(cast)
    with behind_its_back() as raw:
        raw.execute(text("DELETE FROM log_entries WHERE id > :id"), {"id": keys[2]})
    found = verdict()
    assert found.shortened and found.broken_at is None and not found.holds


def test_all_rows_taken_away_shows(cast: Cast) -> None:
    fill(cast)
    with behind_its_back() as raw:
        raw.execute(text("DELETE FROM log_entries"))
    assert verdict().shortened


def test_a_row_put_between_shows(cast: Cast) -> None:
    """Adding a row needs no trigger away: who can only insert is found out as well."""
    keys = fill(cast)
    made = {
        "at": now(), "action": "hidden", "actor_name": "Mo Moderator", "subject_kind": "wiki",
        "hash": last_hash(),
    }  # fmt: skip
    db.session.execute(insert(LogEntry).values(**made))
    db.session.commit()
    assert verdict().broken_at == max(keys) + 1


def test_two_rows_that_changed_places_show(cast: Cast) -> None:
    keys = fill(cast)
    with behind_its_back() as raw:
        for old, new in ((keys[1], 9001), (keys[2], keys[1]), (9001, keys[2])):
            move = text("UPDATE log_entries SET id = :new WHERE id = :old")
            raw.execute(move, {"new": new, "old": old})
    assert verdict().broken_at == keys[1]


def test_a_head_that_was_taken_away_shows(cast: Cast) -> None:
    fill(cast)
    db.session.execute(LogHead.__table__.delete())  # type: ignore[attr-defined]  # a table
    db.session.commit()
    assert verdict().shortened


def test_many_at_once_make_one_chain(app: Kring, cast: Cast) -> None:
    piece = discussion(cast.member)
    content, actor = piece.id, cast.moderator.id
    db.session.commit()
    start = Barrier(AT_ONCE)

    def write(number: int) -> None:
        start.wait()
        with app.app_context():
            subject, user = db.session.get(type(piece), content), db.session.get(User, actor)
            assert subject is not None
            for _time in range(3):
                activity.log(Verb.LOCKED, subject, user, reason=f"Schrijver {number}")
            db.session.commit()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(write, range(AT_ONCE)))
    found = verdict()
    assert found.holds and found.rows == 3 * AT_ONCE
    assert db.session.scalar(select(func.count(LogEntry.id))) == 3 * AT_ONCE


def test_logging_costs_two_statements_more(cast: Cast) -> None:
    fill(cast)
    rows = [activity.row(Verb.LOCKED, cast.theme, cast.moderator) for _time in range(50)]
    with statements() as asked:
        activity.log_all(rows)
    assert len(asked) == 3, "\n\n".join(asked)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE log_entries SET reason = 'x'", "UPDATE log_entries SET hash = 'x'",
        "DELETE FROM log_entries",
        pytest.param("TRUNCATE log_entries", marks=pytest.mark.postgres),
        pytest.param("TRUNCATE log_entries CASCADE", marks=pytest.mark.postgres),
    ],
)  # fmt: skip
def test_the_database_refuses_to_change_it(cast: Cast, change: str) -> None:
    fill(cast)
    with pytest.raises(DatabaseError, match="the log cannot be changed"):
        db.session.execute(text(change))
    db.session.rollback()
    assert verdict().holds
