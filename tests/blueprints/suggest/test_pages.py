"""GET /suggest/pages: nothing but pages that every reader of a text can open."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest

from app.lib.clock import now
from app.models import Status, User
from bench.statements import statements
from tests import settings
from tests.cast import Cast, wiki_page
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]
READERS = (
    "member", "other", "specialist", "moderator", "manager", "administrator", "insider",
    "group_owner",
)  # fmt: skip


def offered(client: CheckingClient, typed: str, *, htmx: bool = False) -> list[str]:
    """Return what is offered to be written, in its order."""
    response = client.get("/suggest/pages", query_string={"q": typed}, htmx=htmx)
    assert response.status_code == 200
    return [html.unescape(found) for found in re.findall(r'data-value="([^"]*)"', response.text)]


@pytest.mark.parametrize("htmx", [True, False])
def test_the_beginning_of_any_word_without_accents(
    cast: Cast, client: CheckingClient, htmx: bool
) -> None:
    wiki_page(cast.specialist, cast.theme, "De één-op-één coach")
    wiki_page(cast.specialist, cast.theme, "Coach vinden")
    assert offered(client, "een op", htmx=htmx) == ["[[De één-op-één coach]]"]
    assert offered(client, "coach") == ["[[Coach vinden]]", "[[De één-op-één coach]]"]
    assert offered(client, "oach") == []
    assert cast.theme.name in client.get("/suggest/pages?q=coach").text


@pytest.mark.parametrize("typed", ["", " ", "%", "_", "[[", "😀", "x" * 5000])
def test_what_names_no_page_offers_none(cast: Cast, client: CheckingClient, typed: str) -> None:
    wiki_page(cast.specialist, cast.theme, "Beslagvrije voet")
    assert offered(client, typed) == []


def test_a_title_that_says_too_little_becomes_an_address(
    cast: Cast, client: CheckingClient
) -> None:
    one = wiki_page(cast.specialist, cast.theme, "Kwijtschelding")
    two = wiki_page(cast.specialist, cast.theme, "kwijtschelding")
    strange = wiki_page(cast.specialist, cast.theme, 'Kwijt [oud] #1 | "nieuw" <b>')
    assert offered(client, "kwijtsch") == [
        f"[Kwijtschelding](kring:content/{one.id})",
        f"[kwijtschelding](kring:content/{two.id})",
    ]
    [link] = offered(client, "kwijt oud")
    assert link == f'[Kwijt (oud) #1 | "nieuw" <b>](kring:content/{strange.id})'


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    "state",
    [
        {"hidden_at": now()}, {"withdrawn_at": now()}, {"status": Status.DRAFT},
        {"status": Status.PENDING}, {"status": Status.ARCHIVED}, {"group": "closed"},
        {"group": "hidden"}, {"group": "open"},
    ],
    ids=["hidden", "withdrawn", "draft", "pending", "archived", "closed group", "hidden group", "open group"],
)  # fmt: skip
def test_nothing_of_a_page_that_not_all_can_read(
    cast: Cast, client_of: Clients, reader: str, state: dict[str, Any]
) -> None:
    """Not to who can read it either: others read the text in which the link stands."""
    if "group" in state:
        state = {"group": getattr(cast, str(state["group"]))}
    wiki_page(cast.specialist, cast.theme, "Kanarie", **state)
    wiki_page(cast.specialist, cast.theme, "kanarie in zicht")
    wiki_page(cast.specialist, cast.theme, "Kanarie", body="Als een ander.")
    client = client_of(getattr(cast, reader))
    assert offered(client, "kanarie") == ["[[Kanarie]]", "[[kanarie in zicht]]"]


def test_a_fixed_number_of_statements(cast: Cast, client: CheckingClient) -> None:
    offered(client, "veel")
    with statements() as few:
        offered(client, "veel")
    for number in range(12):
        wiki_page(cast.specialist, cast.theme, f"Veel pagina {number}")
    with statements() as many:
        assert len(offered(client, "veel")) == 8
    assert len(many) == len(few)


def test_a_closed_room_offers_nothing(cast: Cast, client: CheckingClient) -> None:
    wiki_page(cast.specialist, cast.theme, "Beslagvrije voet")
    assert offered(client, "beslag")
    settings.change(modules_off=["wikis"])
    assert offered(client, "beslag") == []


def test_nobody_signed_in(cast: Cast, client_of: Clients) -> None:
    wiki_page(cast.specialist, cast.theme, "Beslagvrije voet")
    response = client_of(None).get("/suggest/pages?q=beslag")
    assert response.status_code == 303 and "Beslagvrije" not in response.text
