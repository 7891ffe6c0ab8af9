"""The lists of discussions."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.extensions import db
from app.lib.clock import now
from app.lib.keyset import encode_cursor
from app.lib.working_days import subtract_working_days
from app.models import Discussion, Follow, Tag, User
from bench.statements import statements
from tests.cast import Cast, comment, discussion
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]
TITLE = re.compile(r'<h2 class="k-row__title"><a href="[^"]*">([^<]*)</a>')


def titles(client: CheckingClient, address: str = "/discussions") -> list[str]:
    response = client.get(address)
    assert response.status_code == 200
    return TITLE.findall(response.text)


def link(client: CheckingClient, address: str, rel: str) -> str | None:
    found = re.search(rf'rel="{rel}" href="([^"]*)"', client.get(address).text)
    return found[1].replace("&amp;", "&") if found else None


def active(author: User, title: str, hours: float, **values: Any) -> Discussion:
    """Add a discussion in which something happened so many hours ago."""
    when = now() - timedelta(hours=hours)
    return discussion(author, title, published_at=when, last_active_at=when, **values)


def test_newest_activity_first(cast: Cast, client: CheckingClient) -> None:
    for title, hours in (("Oud", 9), ("Nieuw", 1), ("Midden", 5)):
        active(cast.other, title, hours)
    assert titles(client) == ["Nieuw", "Midden", "Oud"]


def test_unanswered_shows_who_waits_longest_first(cast: Cast, client: CheckingClient) -> None:
    late = subtract_working_days(now(), 3) - timedelta(minutes=5)
    discussion(cast.other, "Te lang", published_at=late, last_active_at=now())
    discussion(cast.other, "Net gevraagd")
    comment(active(cast.other, "Zelf gereageerd", 1), cast.other)
    comment(active(cast.other, "Beantwoord", 40), cast.member)
    for title, state in (
        ("Op slot", {"locked_at": now()}),
        ("Ingetrokken", {"withdrawn_at": now()}),
        ("Verborgen", {"hidden_at": now()}),
    ):
        active(cast.member, title, 2, **state)
    shown = client.get("/discussions?view=unanswered").text
    assert TITLE.findall(shown) == ["Te lang", "Zelf gereageerd", "Net gevraagd"]
    assert shown.count("k-badge--warning") == 1
    assert shown.index("k-badge--warning") < shown.index("Te lang") < shown.index("Zelf gereageerd")


def test_mine_and_followed(cast: Cast, client: CheckingClient) -> None:
    discussion(cast.member, "Van mij")
    theirs = discussion(cast.other, "Van een ander")
    db.session.add(Follow(user_id=cast.member.id, content_id=theirs.id))
    db.session.commit()
    assert titles(client, "/discussions?view=mine") == ["Van mij"]
    assert titles(client, "/discussions?view=followed") == ["Van een ander"]


def test_filters_by_theme_and_keyword(cast: Cast, client: CheckingClient) -> None:
    tag = Tag(name="Jeugd Zorg", slug="jeugd-zorg")
    discussion(cast.other, "Beide", theme=cast.theme, tags=[tag])
    discussion(cast.other, "Alleen thema", theme=cast.theme)
    discussion(cast.other, "Alleen trefwoord", tags=[tag])
    both = "/discussions?theme=schuldhulp&keyword=jeugd+zorg"
    assert titles(client, both) == ["Beide"]
    assert set(titles(client, "/discussions?theme=schuldhulp")) == {"Beide", "Alleen thema"}
    assert set(titles(client, "/discussions?keyword=JEUGD-zorg")) == {"Beide", "Alleen trefwoord"}
    page = client.get(both).text
    assert 'value="schuldhulp" selected' in page
    assert 'value="jeugd zorg"' in page


def test_htmx_gets_the_list_alone(cast: Cast, client: CheckingClient) -> None:
    discussion(cast.other, "Een vraag")
    part = client.get("/discussions?theme=", htmx=True).text
    assert TITLE.findall(part) == ["Een vraag"]
    assert "<html" not in part
    assert "<form" not in part


@pytest.mark.parametrize(
    "query", ["view=x", "theme=onbekend", "after=onzin", f"before={encode_cursor('x', 1)}"]
)
def test_what_is_not_there_is_not_found(client: CheckingClient, query: str) -> None:
    assert client.get(f"/discussions?{query}").status_code == 404


@pytest.mark.parametrize("query", ["keyword=%00", "keyword=%27%3B--", "keyword=" + "x" * 500])
def test_a_strange_keyword_finds_nothing(cast: Cast, client: CheckingClient, query: str) -> None:
    discussion(cast.other)
    assert client.get(f"/discussions?{query}").status_code == 200


@pytest.mark.parametrize(
    "view, words",
    [
        ("", "er zijn nog geen discussies"),
        ("unanswered", "alles heeft een antwoord"),
        ("mine", "nog geen discussie gestart"),
        ("followed", "volgt nog geen discussie"),
    ],
)
def test_an_empty_list_invites(client: CheckingClient, view: str, words: str) -> None:
    assert words in client.get(f"/discussions?view={view}").text.lower()


def test_pinned_stand_on_top_of_the_first_page(cast: Cast, client: CheckingClient) -> None:
    active(cast.other, "Vast", 900, pinned_until=now() + timedelta(days=1))
    active(cast.other, "Was vast", 800, pinned_until=now() - timedelta(days=1))
    for n in range(20):
        active(cast.other, f"Vraag {n}", n + 1)
    first = titles(client)
    assert first[0] == "Vast"
    assert len(first) == 21
    older = link(client, "/discussions", "next")
    assert older
    assert titles(client, older) == ["Was vast"]
    assert link(client, older, "prev")


def test_paging_meets_every_piece_once_in_both_directions(
    cast: Cast, client: CheckingClient
) -> None:
    """Also where many have the very same moment."""
    moment = now() - timedelta(days=2)
    for n in range(50):
        at = moment if n % 5 else moment + timedelta(seconds=n)
        discussion(cast.other, f"Vraag {n}", last_active_at=at)
    pages, address = [titles(client)], link(client, "/discussions", "next")
    addresses = ["/discussions"]
    while address:
        addresses.append(address)
        pages.append(titles(client, address))
        address = link(client, address, "next")
    assert [len(page) for page in pages] == [20, 20, 10]
    assert sorted(title for page in pages for title in page) == sorted(
        f"Vraag {n}" for n in range(50)
    )
    back = link(client, addresses[2], "prev")
    assert back
    assert titles(client, back) == pages[1]
    start = link(client, back, "prev")
    assert start
    response = client.get(start)
    assert response.status_code == 302
    assert response.location == "/discussions"


def test_new_pieces_do_not_shift_the_pages_below(cast: Cast, client: CheckingClient) -> None:
    for n in range(30):
        active(cast.other, f"Vraag {n}", n + 1)
    older = link(client, "/discussions", "next")
    assert older
    below = titles(client, older)
    for n in range(7):
        active(cast.other, f"Nieuw {n}", 0)
    assert titles(client, older) == below
    back = link(client, older, "prev")
    assert back
    assert titles(client, back) == [f"Vraag {n}" for n in range(20)]


def test_the_unanswered_list_pages_too(cast: Cast, client: CheckingClient) -> None:
    for n in range(25):
        active(cast.other, f"Vraag {n}", n + 1)
    address = "/discussions?view=unanswered"
    assert titles(client, address)[0] == "Vraag 24"
    following = link(client, address, "next")
    assert following
    assert "view=unanswered" in following
    assert titles(client, following) == [f"Vraag {n}" for n in (4, 3, 2, 1, 0)]


def test_what_is_closed_or_taken_back_stays_out(cast: Cast, client_of: Clients) -> None:
    discussion(cast.insider, "Geheimwoord", "Geheimtekst", group=cast.closed)
    discussion(cast.insider, "Schuilwoord", group=cast.hidden)
    taken = discussion(cast.insider, "Teruggenomen", summary="Terugtekst", withdrawn_at=now())
    comment(taken, cast.other)
    for reader in map(client_of, (cast.member, cast.moderator, cast.administrator)):
        for view in ("", "unanswered", "mine", "followed"):
            page = reader.get(f"/discussions?view={view}").text
            for secret in (
                "Geheimwoord",
                "Geheimtekst",
                "Schuilwoord",
                "Groep hidden",
                "Terugtekst",
            ):
                assert secret not in page
    assert "Geheimwoord" in titles(client_of(cast.insider))


def test_visitors_sign_in_first(cast: Cast, client_of: Clients) -> None:
    assert client_of(None).get("/discussions").location == "/login?next=/discussions"


@pytest.mark.parametrize("view", ["", "unanswered", "mine", "followed"])
def test_six_statements_whatever_the_number_of_rows(
    cast: Cast, client: CheckingClient, view: str
) -> None:
    def count() -> int:
        with statements() as sent:
            client.get(f"/discussions?view={view}")
        return len(sent)

    titles(client)
    few = count()
    for n in range(25):
        piece = active(cast.member, f"Vraag {n}", n, theme=cast.theme, pinned_until=None)
        db.session.add(Follow(user_id=cast.member.id, content_id=piece.id))
    active(cast.other, "Vast", 1, group=cast.open, pinned_until=now() + timedelta(days=1))
    db.session.commit()
    assert few == count() <= 6
