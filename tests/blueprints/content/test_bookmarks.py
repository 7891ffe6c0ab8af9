"""Bookmarks: POST /content/<id>/bookmark, and the private list at /bookmarks."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.lib.clock import now
from app.models import Bookmark, Content, User
from bench.statements import statements
from tests import cast as make
from tests.cast import Cast
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
KEEP = {"bookmarked": "1"}


@pytest.fixture(params=["discussion", "wiki"])
def piece(request: pytest.FixtureRequest, cast: Cast) -> Content:
    if request.param == "wiki":
        return make.wiki_page(cast.specialist, cast.theme, "Zo doen wij het")
    return make.discussion(cast.other, "Hoe doen wij het")


def path(piece: Content) -> str:
    return f"/content/{piece.id}/bookmark"


def page_of(piece: Content) -> str:
    return f"/{piece.folder}/{piece.id}-{piece.slug}"


def keep(user: User, *pieces: Content) -> None:
    """Bookmark pieces, each an hour after the one before."""
    start = now() - timedelta(hours=len(pieces))
    for hours, piece in enumerate(pieces):
        when = start + timedelta(hours=hours)
        db.session.add(Bookmark(user_id=user.id, content_id=piece.id, created_at=when))
    db.session.commit()


@pytest.mark.parametrize("htmx", [True, False])
def test_bookmarking_twice_bookmarks_once(
    client: CheckingClient, piece: Content, cast: Cast, htmx: bool
) -> None:
    for wanted in ("1", "1", "0", "0"):
        answer = client.post(path(piece), data={"bookmarked": wanted}, htmx=htmx)
        pressed = f'aria-pressed="{"true" if wanted == "1" else "false"}"'
        if htmx:
            assert answer.status_code == 200 and pressed in answer.text
            assert "data-announce" in answer.text and "<h1" not in answer.text
        else:
            assert answer.status_code == 303 and answer.location == page_of(piece)
        assert (title_in_list(client, piece)) is (wanted == "1")
        button = client.get(page_of(piece)).text.partition(f'id="bookmark-button-{piece.id}"')[2]
        assert pressed in button.partition(">")[0]
        count = select(func.count()).select_from(Bookmark)
        assert db.session.scalar(count.where(Bookmark.user_id == cast.member.id)) == int(wanted)


def title_in_list(client: CheckingClient, piece: Content) -> bool:
    return f'href="{page_of(piece)}">{piece.title}</a>' in client.get("/bookmarks").text


@pytest.mark.parametrize("data", [{}, {"bookmarked": "maybe"}])
def test_an_unclear_wish_is_refused(
    client: CheckingClient, piece: Content, data: dict[str, str]
) -> None:
    assert client.post(path(piece), data=data).status_code == 400


def test_not_visible_and_nobody(client_of: ClientOf, cast: Cast, piece: Content) -> None:
    closed = make.discussion(cast.insider, group=cast.closed)
    member, visitor = client_of(cast.member), client_of(None)
    assert member.post(path(closed), data=KEEP).status_code == 404
    assert client_of(cast.insider).post(path(closed), data=KEEP).status_code == 303
    assert visitor.post(path(piece), data=KEEP).status_code == 401
    assert visitor.get("/bookmarks").status_code == 303
    assert member.get(path(piece)).status_code == 405


def test_nobody_else_sees_it(client_of: ClientOf, cast: Cast, piece: Content) -> None:
    """Pages look the same to others, and their lists are their own."""
    others = [client_of(user) for user in (cast.other, cast.manager, cast.administrator)]
    before = [buttons(client, piece) for client in others]
    keep(cast.member, piece)
    assert [buttons(client, piece) for client in others] == before
    for client in others:
        assert "Nog niets bewaard" in client.get("/bookmarks").text


def buttons(client: CheckingClient, piece: Content) -> str:
    """Return what stands below a piece, without the token that each page has of its own."""
    toolbar = client.get(page_of(piece)).text.partition('class="k-toolbar"')[2]
    return re.sub(r'(csrf_token" value=)"[^"]*"', "", toolbar.partition("</article>")[0])


def test_what_went_out_of_sight_stays_out(client: CheckingClient, cast: Cast) -> None:
    kept = make.discussion(cast.other, "Blijft staan")
    hidden = make.discussion(cast.other, "Weggehaald", hidden_at=now())
    closed = make.discussion(cast.insider, "Besloten", group=cast.closed)
    withdrawn = make.discussion(cast.other, "Ingetrokken", withdrawn_at=now())
    keep(cast.member, kept, hidden, closed, withdrawn)
    html = client.get("/bookmarks").text
    assert "Blijft staan" in html
    for title in ("Weggehaald", "Besloten", "Ingetrokken"):
        assert title not in html


def test_newest_bookmark_first_however_many(client: CheckingClient, cast: Cast) -> None:
    old = now() - timedelta(days=30)
    pieces = [make.discussion(cast.other, f"Stuk {n:02d}.", last_active_at=old) for n in range(25)]
    keep(cast.member, *pieces)
    first = client.get("/bookmarks").text
    assert first.index("Stuk 24.") < first.index("Stuk 05.")
    assert "Stuk 04." not in first
    after = first.split('rel="next" href="')[1].split('"')[0]
    second = client.get(after).text
    assert second.index("Stuk 04.") < second.index("Stuk 00.")
    assert "Stuk 05." not in second
    back = second.split('rel="prev" href="')[1].split('"')[0]
    assert "Stuk 24." in client.get(back).text
    assert client.get("/bookmarks?after=x").status_code == 404


def test_the_list_is_found(client: CheckingClient) -> None:
    home = client.get("/").text
    menu, _, aside = home.partition('<aside class="k-aside"')
    assert 'href="/bookmarks"' in menu and 'href="/bookmarks"' in aside


def test_a_fixed_number_of_statements(client: CheckingClient, cast: Cast, piece: Content) -> None:
    client.get(page_of(piece))
    with statements() as without:
        client.get(page_of(piece))
    keep(cast.member, piece)
    with statements() as bookmarked:
        client.get(page_of(piece))
    assert len(bookmarked) == len(without)
    assert sum("bookmarks" in each for each in bookmarked) == 1
    with statements() as few:
        client.get("/bookmarks")
    keep(cast.member, *(make.discussion(cast.other, theme=cast.theme) for _ in range(21)))
    with statements() as many:
        client.get("/bookmarks")
    assert len(few) == len(many) <= 5
