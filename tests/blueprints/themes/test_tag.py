"""The page of a keyword."""

from collections.abc import Callable
from typing import Any

import pytest

from app.lib.clock import now
from app.models import Status, Tag, User
from bench.statements import statements
from tests.cast import Cast, discussion, wiki_page
from tests.checking import CheckingClient

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


def test_by_kind_and_theme(cast: Cast, client: CheckingClient) -> None:
    tag = a_tag()
    discussion(cast.other, "Vraag over schuld", theme=cast.theme, tags=[tag])
    discussion(cast.other, "Vraag over wonen", theme=cast.other_theme, tags=[tag])
    discussion(cast.other, "Vraag zonder thema", tags=[tag])
    wiki_page(cast.specialist, cast.theme, "Pagina over schuld", tags=[tag])
    titles = {"Vraag over schuld", "Vraag over wonen", "Vraag zonder thema", "Pagina over schuld"}
    expected = {
        "": titles,
        "?kind=wiki": {"Pagina over schuld"},
        "?kind=discussion": titles - {"Pagina over schuld"},
        "?theme=schuldhulp": {"Vraag over schuld", "Pagina over schuld"},
        "?theme=wonen&kind=wiki": set(),
        "?theme=%00&kind=%00": titles,
        "?theme=onbekend&kind=onbekend": titles,
    }
    for query, found in expected.items():
        html = client.get(PATH + query).text
        assert {title for title in titles if f">{title}<" in html} == found, query
    assert "Niets gevonden" in client.get(f"{PATH}?theme=wonen&kind=wiki").text


def test_the_numbers_are_of_what_one_may_read(cast: Cast, client_of: Clients) -> None:
    tag = a_tag()
    discussion(cast.other, tags=[tag])
    wiki_page(cast.specialist, cast.theme, tags=[tag])
    discussion(cast.insider, group=cast.closed, theme=cast.other_theme, tags=[tag])
    discussion(cast.other, theme=cast.other_theme, hidden_at=now(), tags=[tag])
    page = client_of(cast.member).get(PATH).text
    assert 'Alles <span class="k-count">2<' in page and "Wonen" not in page
    assert 'Alles <span class="k-count">3<' in client_of(cast.insider).get(PATH).text


def test_names_the_keywords_that_often_stand_with_it(cast: Cast, client_of: Clients) -> None:
    tag, often, once, secret = (
        a_tag(), *(Tag(name=name, slug=name.lower()) for name in ("Vaak", "Ooit", "Geheim"))
    )  # fmt: skip
    for _ in range(2):
        discussion(cast.other, tags=[tag, often])
    discussion(cast.other, tags=[tag, once])
    discussion(cast.insider, group=cast.closed, tags=[tag, secret])
    page = client_of(cast.member).get(PATH).text
    assert page.index("/tags/vaak") < page.index("/tags/ooit") and "Geheim" not in page
    assert "/tags/geheim" in client_of(cast.insider).get(PATH).text


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
