"""Where members find the way to the community manager."""

from collections.abc import Callable

import pytest

from app.models import User
from tests.cast import Cast, wiki_page
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]


@pytest.mark.parametrize(
    "place, way",
    [
        ("/wikis", "topic=specialist&amp;from=/wikis"),
        ("/wikis/themes/wonen", "topic=specialist&amp;theme=wonen&amp;from=/wikis/themes/wonen"),
        ("/pages/help", "/help-requests/new"),
        ("/", "/help-requests"),
    ],
)
def test_a_member_finds_the_way(cast: Cast, client: CheckingClient, place: str, way: str) -> None:
    wiki_page(cast.other_specialist, cast.other_theme)
    assert way in client.get(place).text


def test_a_role_is_asked_from_the_own_profile_only(cast: Cast, client: CheckingClient) -> None:
    way = f"/help-requests/new?from=/people/{cast.member.id}-lotte-lid"
    assert way in client.get(f"/people/{cast.member.id}-lotte-lid").text
    assert "/help-requests/new" not in client.get(f"/people/{cast.other.id}-otto-ander").text


def test_specialists_are_not_told_how_to_become_one(cast: Cast, client_of: ClientOf) -> None:
    page = client_of(cast.specialist).get("/wikis/themes/schuldhulp").text
    assert "/help-requests/new" not in page
