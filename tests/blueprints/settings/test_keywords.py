"""/settings/keywords: leads to the keywords, which the administrator keeps in order too."""

from collections.abc import Callable

import pytest

from app.extensions import db
from app.models import Tag, User
from tests.cast import Cast, discussion
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]


@pytest.mark.parametrize("name", ["manager", "administrator"])
def test_it_leads_to_the_keywords(cast: Cast, client_of: ClientOf, name: str) -> None:
    tag = Tag(name="Wmo", slug="wmo")
    db.session.add(tag)
    discussion(cast.other, tags=[tag])
    client = client_of(getattr(cast, name))
    assert 'href="/settings/keywords"' in client.get("/settings").text
    assert client.get("/settings/keywords").location == "/tags"
    page = client.get("/tags/wmo").text
    assert 'href="/tags/wmo/rename"' in page and 'href="/tags/wmo/merge"' in page
    assert client.post("/tags/wmo/rename", data={"name": "Zorg"}).location == "/tags/zorg"


def test_it_is_not_for_others(cast: Cast, client_of: ClientOf) -> None:
    assert client_of(cast.moderator).get("/settings/keywords").status_code == 403
    assert client_of(None).get("/settings/keywords").location.startswith("/login")
