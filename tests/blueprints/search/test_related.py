"""What goes with a piece."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from app.extensions import db
from app.lib.clock import now
from app.models import Content, Status, Tag, User
from app.services import search_index
from bench.statements import statements
from tests.cast import Cast, discussion, wiki_page
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]
TITLE = re.compile(r'class="k-row__title"><a href="[^"]*">([^<]*)</a>')


def a_tag(name: str) -> Tag:
    tag = Tag(name=name, slug=name.lower())
    db.session.add(tag)
    return tag


def titles(client: CheckingClient, piece: Content, *, htmx: bool = False) -> list[str]:
    answer = client.get(f"/content/{piece.id}/related", htmx=htmx)
    assert answer.status_code == 200
    return TITLE.findall(answer.text)


@pytest.mark.parametrize("htmx", [False, True])
def test_what_has_most_in_common_comes_first(
    cast: Cast, client: CheckingClient, htmx: bool
) -> None:
    wmo, youth = a_tag("Wmo"), a_tag("Jeugd")
    here = discussion(cast.member, "Hier", tags=[wmo, youth], theme=cast.theme)
    discussion(cast.other, "Een trefwoord", tags=[wmo])
    wiki_page(cast.specialist, cast.theme, "Trefwoord en thema", tags=[youth])
    discussion(cast.other, "Twee trefwoorden", tags=[wmo, youth])
    discussion(cast.other, "Alleen thema", theme=cast.theme)
    discussion(cast.other, "Iets anders")
    assert titles(client, here, htmx=htmx) == [
        "Twee trefwoorden", "Trefwoord en thema", "Een trefwoord",
    ]  # fmt: skip


def test_words_of_the_title_count(cast: Cast, client: CheckingClient) -> None:
    here = discussion(cast.member, "Kwijtschelding vragen voor een huurder")
    both = discussion(cast.other, "Huurders", "Over kwijtschelding van huur.")
    one = discussion(cast.other, "Huurders", "Over iets anders.")
    small = discussion(cast.other, "Voor een ander", "Een voor allen.")
    search_index.index(here, both, one, small)
    assert titles(client, here) == ["Huurders"]
    assert f"/discussions/{both.id}-" in client.get(f"/content/{here.id}/related").text


def test_at_most_five(cast: Cast, client: CheckingClient) -> None:
    tag = a_tag("Wmo")
    here, *_others = (discussion(cast.other, tags=[tag]) for _ in range(8))
    assert len(titles(client, here)) == 5


@pytest.mark.parametrize(
    "state",
    [
        {"hidden_at": now()}, {"withdrawn_at": now()}, {"status": Status.DRAFT}, {"closed": True},
    ],
)  # fmt: skip
def test_what_is_out_of_sight_stays_out(
    cast: Cast, client_of: Clients, state: dict[str, Any]
) -> None:
    tag = a_tag("Wmo")
    here = discussion(cast.member, "Hier", tags=[tag])
    group = cast.closed if state.pop("closed", False) else None
    discussion(cast.insider, "Geheim", tags=[tag], group=group, **state)
    for outsider in (cast.member, cast.manager):
        client = client_of(outsider)
        assert titles(client, here) == titles(client, here, htmx=True) == []
    assert titles(client_of(cast.insider), here) == (["Geheim"] if group else [])


def test_nothing_related_says_so(cast: Cast, client: CheckingClient) -> None:
    here = discussion(cast.member, "Hier")
    path = f"/content/{here.id}/related"
    assert "Niets verwants gevonden" in client.get(path).text
    assert client.get(path, htmx=True).text.strip() == ""


def test_the_pages_of_pieces_lead_there(cast: Cast, client: CheckingClient) -> None:
    page = wiki_page(cast.specialist, cast.theme, "Pagina")
    for piece in (discussion(cast.member, "Hier"), page):
        html = client.get(f"/{piece.folder}/{piece.id}-{piece.slug}").text
        assert html.count(f'"/content/{piece.id}/related"') == 2


def test_who_may_not_read_the_piece_learns_nothing(cast: Cast, client_of: Clients) -> None:
    inside = discussion(cast.insider, "Besloten", group=cast.closed)
    client = client_of(cast.other)
    assert client.get(f"/content/{inside.id}/related").status_code == 404
    assert client.get("/content/999999/related").status_code == 404
    assert client_of(None).get(f"/content/{inside.id}/related").status_code == 303


def test_a_fixed_number_of_statements(cast: Cast, client: CheckingClient) -> None:
    tag = a_tag("Wmo")
    here = discussion(cast.member, "Hier", tags=[tag])
    client.get(f"/content/{here.id}/related")
    with statements() as few:
        client.get(f"/content/{here.id}/related")
    for _ in range(12):
        discussion(cast.other, tags=[tag], theme=cast.theme, group=cast.open)
    with statements() as many:
        client.get(f"/content/{here.id}/related")
    assert len(few) == len(many) <= 6
