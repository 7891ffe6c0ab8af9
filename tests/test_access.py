"""An old address leads on to the present one, whatever stands behind its question mark."""

import pytest

from tests.cast import Cast, discussion
from tests.checking import CheckingClient


@pytest.mark.parametrize(
    "query",
    ["page=2&quote=3", "endpoint=x", "_method=POST", "_external=1&_anchor=x", "ref=9", "q=%C3%AB"],
)
def test_an_old_slug_leads_on(query: str, cast: Cast, client: CheckingClient) -> None:
    piece = discussion(cast.other)
    for path in (f"/discussions/{piece.id}", f"/people/{cast.other.id}"):
        response = client.get(f"{path}-vroeger?{query}")
        assert response.status_code == 301
        slug = piece.slug if "discussions" in path else cast.other.slug
        assert response.location == f"{path}-{slug}?{query}"
