"""Withdrawing a discussion and putting it back."""

from collections.abc import Callable

import pytest

from app.extensions import db
from app.lib.clock import now
from app.models import User
from tests.cast import Cast, comment, discussion
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]


def path(piece: object) -> str:
    return f"/discussions/{piece.id}-{piece.slug}/withdraw"  # type: ignore[attr-defined]  # a piece


@pytest.mark.parametrize("htmx, status", [(False, 303), (True, 204)])
def test_it_goes_and_comes_back(cast: Cast, client_of: Clients, htmx: bool, status: int) -> None:
    asked = discussion(cast.member)
    author, other = client_of(cast.member), client_of(cast.other)
    address = path(asked)
    page = address.removesuffix("/withdraw")
    assert "Nog niemand heeft gereageerd" in author.get(address).text
    assert author.post(address, htmx=htmx).status_code == status
    assert other.get(page).status_code == 404
    assert author.get(page).status_code == 200
    assert author.post(f"{address}/undo", htmx=htmx).status_code == status
    assert "Wie weet dit?" in other.get(page).text


def test_replies_of_others_stay(cast: Cast, client_of: Clients) -> None:
    asked = discussion(cast.member, "De titel", "De tekst")
    comment(asked, cast.other, "Het antwoord")
    author = client_of(cast.member)
    assert "blijven staan" in author.get(path(asked)).text
    author.post(path(asked))
    page = client_of(cast.other).get(path(asked).removesuffix("/withdraw")).text
    assert "De titel" in page
    assert "Het antwoord" in page
    assert "De tekst" not in page


def test_twice_keeps_the_first_moment(cast: Cast, client: CheckingClient) -> None:
    asked = discussion(cast.member)
    client.post(path(asked))
    db.session.refresh(asked)
    first = asked.withdrawn_at
    client.post(path(asked))
    db.session.refresh(asked)
    assert asked.withdrawn_at == first


def test_not_yours(cast: Cast, client_of: Clients) -> None:
    asked = discussion(cast.member)
    for stranger in (cast.other, cast.moderator, cast.manager):
        client = client_of(stranger)
        assert client.get(path(asked)).status_code == 403
        assert client.post(path(asked)).status_code == 403
        assert client.post(path(asked) + "/undo").status_code == 403


def test_a_hidden_piece_stays_as_it_is(cast: Cast, client: CheckingClient) -> None:
    assert client.post(path(discussion(cast.member, hidden_at=now()))).status_code == 403


def test_not_visible(cast: Cast, client: CheckingClient) -> None:
    secret = discussion(cast.insider, group=cast.closed)
    assert client.get(path(secret)).status_code == 404
    assert client.post(path(secret)).status_code == 404
    assert client.post(path(secret) + "/undo").status_code == 404


def test_nobody_signed_in(cast: Cast, client_of: Clients) -> None:
    asked = discussion(cast.member)
    assert client_of(None).get(path(asked)).status_code == 303
    assert client_of(None).post(path(asked)).status_code == 401


def test_without_token_nothing_happens(cast: Cast, client: CheckingClient) -> None:
    asked = discussion(cast.member)
    assert client.post(path(asked), csrf=False).status_code == 400
    db.session.refresh(asked)
    assert asked.withdrawn_at is None
