"""The page of a theme."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.lib.clock import now
from app.models import User
from bench.statements import statements
from tests.cast import Cast, discussion, wiki_page
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]
PATH = "/themes/schuldhulp"


def test_it_shows_what_there_is_about_it(cast: Cast, client: CheckingClient) -> None:
    cast.theme.description = "Hulp bij schulden.\n\nVoor <b>iedereen</b>."
    discussion(cast.other, "Over schulden", theme=cast.theme)
    discussion(cast.other, "Over huizen", theme=cast.other_theme)
    wiki_page(cast.specialist, cast.theme)
    page = client.get(PATH).text
    for expected in (
        "<h1", "Schuldhulp", "Hulp bij schulden.", "&lt;b&gt;iedereen", "Over schulden",
        "Sam Specialist", "1 wikipagina", "/wikis/themes/schuldhulp", "/discussions/new?theme=schuldhulp",
    ):  # fmt: skip
        assert expected in page, expected
    assert "Over huizen" not in page
    assert "Wim Woonspecialist" not in page


def test_an_empty_theme_invites(cast: Cast, client: CheckingClient) -> None:
    assert "Nog geen discussies over dit thema" in client.get(PATH).text


def test_it_goes_on(cast: Cast, client: CheckingClient) -> None:
    for n in range(25):
        when = now() - timedelta(hours=n)
        discussion(cast.other, f"Vraag {n}.", theme=cast.theme, last_active_at=when)
    first = client.get(PATH).text
    assert "Vraag 19." in first
    assert "Vraag 20." not in first
    address = first.split('rel="next" href="')[1].split('"')[0]
    second = client.get(address).text
    assert "Vraag 20." in second
    assert "Vraag 19." not in second


@pytest.mark.parametrize("address", ["/themes/onbekend", "/themes/%00", f"{PATH}?after=x"])
def test_unknown_is_not_found(cast: Cast, client: CheckingClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_closed_groups_and_hidden_pieces_stay_out(cast: Cast, client_of: Clients) -> None:
    discussion(cast.insider, "Geheimwoord", theme=cast.theme, group=cast.closed)
    discussion(cast.insider, "Verborgenwoord", theme=cast.theme, hidden_at=now())
    wiki_page(cast.specialist, cast.theme, hidden_at=now())
    page = client_of(cast.member).get(PATH).text
    assert "Geheimwoord" not in page
    assert "Verborgenwoord" not in page
    assert "0 wikipagina" in page
    assert "Geheimwoord" in client_of(cast.insider).get(PATH).text


def test_visitors_sign_in_first(cast: Cast, client_of: Clients) -> None:
    assert client_of(None).get(PATH).status_code == 303


def test_a_fixed_number_of_statements(cast: Cast, client: CheckingClient) -> None:
    client.get(PATH)
    with statements() as few:
        client.get(PATH)
    for n in range(22):
        discussion(cast.other, f"Vraag {n}", theme=cast.theme, group=cast.open)
    with statements() as many:
        client.get(PATH)
    assert len(few) == len(many) <= 6
