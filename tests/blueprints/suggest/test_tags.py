"""GET /suggest/tags."""

import re
from collections.abc import Callable

import pytest

from app.extensions import db
from app.lib.clock import now
from app.models import Status, Tag, TagAlias, User
from bench.statements import statements
from tests.cast import Cast, discussion, wiki_page
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]


def a_tag(name: str, *former: str) -> Tag:
    tag = Tag(name=name, slug=name.lower().replace(" ", "-"))
    db.session.add(tag)
    db.session.flush()
    db.session.add_all(TagAlias(slug=slug, tag_id=tag.id) for slug in former)
    return tag


def offered(client: CheckingClient, typed: str, *, htmx: bool = False) -> list[tuple[str, int]]:
    """Return names and numbers of pieces that are offered, in their order."""
    response = client.get("/suggest/tags", query_string={"q": typed}, htmx=htmx)
    assert response.status_code == 200
    found = re.findall(r'data-value="([^"]*)".*?\((\d+)\)', response.text)
    return [(name, int(number)) for name, number in found]


@pytest.mark.parametrize("htmx", [True, False])
def test_what_is_used_most_comes_first(cast: Cast, client: CheckingClient, htmx: bool) -> None:
    debts, help_with, a_tag_alone = a_tag("schulden"), a_tag("hulp bij schuld"), a_tag("schuldig")
    discussion(cast.other, tags=[help_with])
    discussion(cast.other, tags=[debts])
    wiki_page(cast.specialist, cast.theme, tags=[debts])
    assert a_tag_alone.id
    assert offered(client, "schuld", htmx=htmx) == [("schulden", 2), ("hulp bij schuld", 1)]
    assert offered(client, "SCHULDEN") == [("schulden", 2)]
    assert offered(client, "huld") == []


def test_a_former_name_offers_the_present_one(cast: Cast, client: CheckingClient) -> None:
    discussion(cast.other, tags=[a_tag("schulden", "rood-staan")])
    assert offered(client, "rood s") == [("schulden", 1)]


@pytest.mark.parametrize("typed", ["", " ", "%", "_", ",", "😀", "x" * 5000])
def test_what_is_no_word_offers_nothing(cast: Cast, client: CheckingClient, typed: str) -> None:
    discussion(cast.other, tags=[a_tag("schulden")])
    assert offered(client, typed) == []


def test_what_is_out_of_sight_is_neither_offered_nor_counted(
    cast: Cast, client_of: Clients
) -> None:
    known, secret = a_tag("Kanarie", "geel"), a_tag("Kanarievogel", "gele-vogel")
    discussion(cast.other, tags=[known])
    discussion(cast.insider, group=cast.closed, tags=[known, secret])
    discussion(cast.insider, group=cast.hidden, tags=[known, secret])
    discussion(cast.other, hidden_at=now(), tags=[known, secret])
    discussion(cast.other, status=Status.DRAFT, tags=[known, secret])
    member, insider = client_of(cast.member), client_of(cast.insider)
    assert offered(member, "kanarie") == [("Kanarie", 1)]
    assert offered(member, "gele") == []
    assert offered(insider, "kanarie") == [("Kanarie", 3), ("Kanarievogel", 2)]
    assert offered(insider, "gele") == [("Kanarievogel", 2)]


def test_no_more_than_eight_in_a_fixed_number_of_statements(
    cast: Cast, client: CheckingClient
) -> None:
    offered(client, "woord")
    with statements() as few:
        offered(client, "woord")
    discussion(cast.other, tags=[a_tag(f"woord {number}") for number in range(12)])
    with statements() as many:
        assert len(offered(client, "woord")) == 8
    assert len(many) == len(few)


def test_nobody_signed_in(cast: Cast, client_of: Clients) -> None:
    discussion(cast.other, tags=[a_tag("schulden")])
    response = client_of(None).get("/suggest/tags?q=schuld")
    assert response.status_code == 303 and "schulden" not in response.text
