"""Counting who read what."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.extensions import Kring, db
from app.models import ContentView, User, UserSession
from app.services import views
from app.services.sessions import hash_token
from tests.cast import Cast, discussion


def kept() -> list[tuple[int, int, str]]:
    rows = select(ContentView.content_id, ContentView.user_id, ContentView.day)
    return [(row[0], row[1], row[2]) for row in db.session.execute(rows)]


def test_a_view_counts_once_a_member_and_a_day(app: Kring, cast: Cast) -> None:
    piece = discussion(cast.member)
    first = (piece.id, cast.other.id, "2026-11-20")
    second, third = (
        (piece.id, cast.other.id, "2026-11-21"),
        (piece.id, cast.member.id, "2026-11-20"),
    )
    db.session.commit()
    views.write(app, [first, first, second])
    views.write(app, [first, third])
    assert sorted(kept()) == sorted([first, second, third])
    db.session.refresh(piece)
    assert piece.view_count == 3


def test_what_is_gone_does_not_hold_up_the_rest(app: Kring, cast: Cast) -> None:
    piece = discussion(cast.member)
    seen = (piece.id, cast.other.id, "2026-11-20")
    gone = [(999_999, cast.other.id, "2026-11-20"), (piece.id, 999_999, "2026-11-20")]
    db.session.commit()
    views.write(app, [*gone, seen])
    assert kept() == [seen]
    db.session.refresh(piece)
    assert piece.view_count == 1


def test_the_day_is_that_of_a_dutch_clock(
    app: Kring, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "now", lambda: datetime(2026, 6, 30, 22, 30, tzinfo=UTC))
    piece = discussion(cast.member)
    views.saw(cast.other, piece)
    seen = (piece.id, cast.other.id, "2026-07-01")
    db.session.commit()
    assert app.extensions[views.EXTENSION].flush_now()
    assert kept() == [seen]


def session_of(user: User, **values: object) -> UserSession:
    kept = UserSession(user_id=user.id, token_hash=hash_token(str(values)), **values)
    db.session.add(kept)
    db.session.commit()
    return kept


def test_uses_are_kept_by_browser_and_by_member(app: Kring, cast: Cast) -> None:
    early, late = datetime(2026, 11, 20, 9, tzinfo=UTC), datetime(2026, 11, 20, 10, tzinfo=UTC)
    one, other = (session_of(cast.member, browser=name, last_seen_at=early) for name in "12")
    found = [(one.id, cast.member.id, late), (999_999, 999_999, late)]
    db.session.commit()
    views.write_uses(app, found)
    for row in (one, other, cast.member):
        db.session.refresh(row)
    assert (one.last_seen_at, other.last_seen_at) == (late, early)
    assert cast.member.last_seen_at == late


def test_what_another_process_saw_later_stays(app: Kring, cast: Cast) -> None:
    early, late = datetime(2026, 11, 20, 9, tzinfo=UTC), datetime(2026, 11, 20, 10, tzinfo=UTC)
    browser = session_of(cast.member, last_seen_at=late)
    found = [(browser.id, cast.member.id, early)]
    db.session.commit()
    views.write_uses(app, found)
    db.session.refresh(browser)
    assert browser.last_seen_at == late
