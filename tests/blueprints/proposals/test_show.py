"""/proposals/…: one proposal, as its proposer and the specialists see it."""

from collections.abc import Callable

import pytest

from app.models import User
from tests.cast import Cast, proposal
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]


@pytest.mark.parametrize("name", ["member", "specialist"])
def test_the_proposer_and_the_specialists_read_it(
    cast: Cast, client_of: ClientOf, name: str
) -> None:
    made = proposal(cast.member, cast.theme, "Uitstel", body="Zo **moet** het.")
    page = client_of(getattr(cast, name)).get(f"/proposals/{made.id}").text
    assert "Uitstel" in page and "<strong>moet</strong>" in page


@pytest.mark.parametrize("name", ["other", "other_specialist", "moderator", "manager"])
def test_others_find_nothing(cast: Cast, client_of: ClientOf, name: str) -> None:
    made = proposal(cast.member, cast.theme)
    assert client_of(getattr(cast, name)).get(f"/proposals/{made.id}").status_code == 404
