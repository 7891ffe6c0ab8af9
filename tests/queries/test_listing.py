"""Lists: pages that fit together, and found by index however long the list is."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from app.extensions import db
from app.lib.clock import now
from app.lib.keyset import encode_cursor
from app.models import Content, User
from app.queries import discussions, home
from app.queries.following import news
from app.queries.listing import (
    BY_ACTIVITY,
    BY_WAITING,
    Order,
    listed,
    not_pinned,
    page_of,
    pinned,
)
from tests.cast import Cast, discussion


@pytest.mark.parametrize("order", [BY_ACTIVITY, BY_WAITING])
def test_forth_and_back_meet_the_same_rows(cast: Cast, order: Order) -> None:
    moment = now()
    for n in range(23):
        at = moment - timedelta(minutes=n // 6)
        discussion(cast.member, last_active_at=at, published_at=at)
    query = discussions.discussions(cast.other)
    forth, after, before = [], None, None
    while True:
        page = page_of(query, order, after, None, size=5)
        forth.append([row.id for row in page.rows])
        if page.after is None:
            break
        after, before = page.after, page.before
    assert [len(rows) for rows in forth] == [5, 5, 5, 5, 3]
    keys = [key for rows in forth for key in rows]
    assert len(set(keys)) == 23
    for rows in reversed(forth[:-1]):
        page = page_of(query, order, None, page.before, size=5)
        assert [row.id for row in page.rows] == rows
    assert page.before is None
    assert before is not None


def test_past_the_end_there_is_nothing(cast: Cast) -> None:
    discussion(cast.member)
    beyond = encode_cursor(now() - timedelta(days=999), 1)
    page = page_of(listed(cast.member), BY_ACTIVITY, beyond, None)
    assert (list(page.rows), page.before, page.after) == ([], None, None)


def plan(ask: Callable[[], object]) -> str:
    """Return how SQLite finds what `ask` asks for."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        sent.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    statement, values = next(one for one in sent if one[0].startswith("SELECT content.id"))
    rows = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
    return "\n".join(row[-1] for row in rows)


LISTS: dict[str, tuple[Callable[[User], object], str]] = {
    "all": (lambda user: page_of(discussions.discussions(user).where(not_pinned()), BY_ACTIVITY, None, None),
            "ix_content_kind_activity"),
    "pinned": (lambda user: db.session.execute(discussions.discussions(user).where(pinned())),
               "ix_content_pinned"),
    "unanswered": (lambda user: page_of(discussions.unanswered(user), BY_WAITING, None, None),
                   "ix_content_unanswered"),
    "mine": (lambda user: page_of(discussions.mine(user), BY_ACTIVITY, None, None),
             "ix_content_author_activity"),
    "newest": (lambda user: db.session.execute(home.newest(user, home.own_groups(user))),
               "ix_content_activity"),
    "waiting": (lambda user: db.session.execute(home.waiting(user)), "ix_content_unanswered"),
    "featured": (lambda user: db.session.execute(home.featured(user)), "ix_content_featured"),
}  # fmt: skip


@pytest.mark.sqlite
@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("who", ["member", "insider", "group_owner", "moderator"])
def test_lists_walk_an_index_in_their_order(cast: Cast, name: str, who: str) -> None:
    ask, index = LISTS[name]
    found = plan(lambda: ask(getattr(cast, who)))
    assert f"USING INDEX {index} " in f"{found} ".replace("\n", " ")
    assert "TEMP B-TREE" not in found


@pytest.mark.sqlite
def test_which_pieces_are_meant_is_found_without_their_authors(cast: Cast) -> None:
    found = plan(lambda: db.session.execute(listed(cast.member).with_only_columns(Content.id)))
    assert "users" not in found


@pytest.mark.sqlite
def test_a_deep_page_starts_at_its_cursor(cast: Cast) -> None:
    cursor = encode_cursor(now(), 5)
    query = discussions.discussions(cast.insider)
    found = plan(lambda: page_of(query, BY_ACTIVITY, cursor, None))
    assert "(kind=? AND last_active_at<?)" in found


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "select",
    [discussions.followed, lambda user: home.in_groups(user, home.own_groups(user))],
)
def test_few_pieces_are_found_by_their_key(cast: Cast, select: Callable[[User], Any]) -> None:
    found = plan(lambda: db.session.execute(select(cast.insider)))
    assert "SEARCH content USING INTEGER PRIMARY KEY" in found


@pytest.mark.sqlite
def test_what_is_new_in_a_theme_is_read_in_its_order(cast: Cast) -> None:
    found = plan(lambda: db.session.execute(news(cast.insider, [cast.theme.id], 4)))
    assert "USING INDEX ix_content_theme_published (theme_id=?)" in found
    assert "ix_content_theme_activity" not in found
