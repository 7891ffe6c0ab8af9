"""The page of a keyword."""

from collections.abc import Callable
from typing import Any

import pytest

from app.lib.clock import now
from app.models import Status, Tag, User
from tests.cast import Cast, discussion, wiki_page
from tests.checking import CheckingClient
from tests.statements import statements

Clients = Callable[[User | None], CheckingClient]
PATH = "/tags/jeugd-zorg"


def a_tag() -> Tag:
    return Tag(name="Jeugd Zorg", slug="jeugd-zorg")


def test_pieces_of_all_types(cast: Cast, client: CheckingClient) -> None:
    tag = a_tag()
    asked = discussion(cast.other, "Een vraag", tags=[tag])
    page = wiki_page(cast.specialist, cast.theme, "Een wikipagina", tags=[tag])
    discussion(cast.other, "Iets anders")
    html = client.get(PATH).text
    assert "Trefwoord: Jeugd Zorg" in html
    assert f"/discussions/{asked.id}-een-vraag" in html
    assert f"/wikis/{page.id}-een-wikipagina" in html
    assert "Iets anders" not in html


def test_a_keyword_of_a_closed_group_is_a_secret(cast: Cast, client_of: Clients) -> None:
    discussion(cast.insider, "Geheim", group=cast.closed, tags=[a_tag()])
    for outsider in (cast.member, cast.manager):
        response = client_of(outsider).get(PATH)
        assert response.status_code == 404
        assert "Jeugd Zorg" not in response.text
    assert "Geheim" in client_of(cast.insider).get(PATH).text


@pytest.mark.parametrize(
    "state", [{"hidden_at": now()}, {"withdrawn_at": now()}, {"status": Status.DRAFT}]
)
def test_what_is_out_of_sight_stays_out(
    cast: Cast, client: CheckingClient, state: dict[str, Any]
) -> None:
    discussion(cast.other, "Weg", tags=[a_tag()], **state)
    assert client.get(PATH).status_code == 404


@pytest.mark.parametrize("address", ["/tags/onbekend", "/tags/%00", f"{PATH}?after=x"])
def test_unknown_is_not_found(cast: Cast, client: CheckingClient, address: str) -> None:
    discussion(cast.other, tags=[a_tag()])
    assert client.get(address).status_code == 404


def test_visitors_sign_in_first(cast: Cast, client_of: Clients) -> None:
    assert client_of(None).get(PATH).status_code == 303


def test_a_fixed_number_of_statements(cast: Cast, client: CheckingClient) -> None:
    tag = a_tag()
    discussion(cast.other, tags=[tag])
    client.get(PATH)
    with statements() as few:
        client.get(PATH)
    for _ in range(22):
        discussion(cast.other, theme=cast.theme, group=cast.open, tags=[tag])
    with statements() as many:
        client.get(PATH)
    assert len(few) == len(many) <= 6
