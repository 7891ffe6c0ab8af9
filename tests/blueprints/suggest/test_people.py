"""GET /suggest/people."""

import re
from collections.abc import Callable

import pytest

from app.extensions import db
from app.lib.clock import now
from app.models import Audience, User
from bench.statements import statements
from tests.cast import Cast, person
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]


def offered(client: CheckingClient, typed: str, *, htmx: bool = False) -> list[str]:
    """Return the handles that are offered, in their order."""
    response = client.get("/suggest/people", query_string={"q": typed}, htmx=htmx)
    assert response.status_code == 200
    return re.findall(r'data-value="@([^"]*)"', response.text)


@pytest.mark.parametrize("htmx", [True, False])
def test_the_beginning_of_any_word_without_accents(
    cast: Cast, client: CheckingClient, htmx: bool
) -> None:
    zoe = person("Zoë van der Quint")
    person("Inez Qoezema")
    assert offered(client, "zoe", htmx=htmx) == [zoe.handle]
    assert offered(client, "ZOË qui") == [zoe.handle]
    assert offered(client, "quint") == [zoe.handle]
    assert offered(client, "uint") == []


def test_who_starts_with_it_comes_first(cast: Cast, client: CheckingClient) -> None:
    second, first = person("Anna Xander"), person("Xander Bos")
    assert offered(client, "xan") == [first.handle, second.handle]


@pytest.mark.parametrize("typed", ["", "  ", "%", "_", "@", "'", "\\", "😀", "-", "x" * 5000])
def test_what_names_nobody_offers_nobody(cast: Cast, client: CheckingClient, typed: str) -> None:
    assert offered(client, typed) == []


def test_no_more_than_eight_in_one_statement(cast: Cast, client: CheckingClient) -> None:
    offered(client, "quirijn")
    with statements() as few:
        offered(client, "quirijn")
    for number in range(12):
        person(f"Quirijn Bos {number}")
    db.session.commit()
    with statements() as many:
        assert len(offered(client, "quirijn")) == 8
    assert len(many) == len(few)


def test_who_left_is_not_offered(cast: Cast, client: CheckingClient) -> None:
    gone = person("Quirijn Bos")
    gone.deactivated_at = now()
    assert offered(client, "quirijn") == []


def test_a_job_title_shows_to_whom_it_is_for(
    cast: Cast, client_of: Clients, client: CheckingClient
) -> None:
    quirijn = person("Quirijn Bos")
    quirijn.job_title, quirijn.job_title_audience = "Klaproosteler", Audience.MANAGER
    db.session.commit()
    asked = {"q": "quirijn"}
    assert "Klaproosteler" not in client.get("/suggest/people", query_string=asked).text
    assert "Klaproosteler" in client_of(quirijn).get("/suggest/people", query_string=asked).text


def test_nobody_signed_in(cast: Cast, client_of: Clients) -> None:
    response = client_of(None).get("/suggest/people?q=lotte")
    assert response.status_code == 303 and "data-value" not in response.text
