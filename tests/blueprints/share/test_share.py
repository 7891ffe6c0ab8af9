"""/content/<id>/share and /comments/<id>/share: the address, for a colleague."""

from collections.abc import Callable

from app.models import User
from tests import cast as make
from tests.cast import Cast
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]


def test_the_address_of_a_piece_and_of_a_reply(client: CheckingClient, cast: Cast) -> None:
    piece = make.discussion(cast.other, "Een & ander?")
    reply = make.comment(piece, cast.other)
    base = client.application.config["BASE_URL"]
    menus = [f"/discussions/{piece.id}-{piece.slug}", f"/comments/{reply.id}/menu"]
    page = "".join(client.get(path).text for path in menus)
    for path, address in (
        (f"/content/{piece.id}/share", f"{base}/discussions/{piece.id}-{piece.slug}"),
        (f"/comments/{reply.id}/share", f"{base}/comments/{reply.id}"),
    ):
        assert f'href="{path}"' in page
        html = client.get(path).text
        assert f'value="{address}"' in html and "readonly" in html
        assert "mailto:?subject=Een%20%26%20ander%3F&amp;body=" in html
        assert "Zichtbaar voor" in html and "iedereen in de community" in html


def test_a_closed_group_is_named(client_of: ClientOf, cast: Cast) -> None:
    inside = make.discussion(cast.insider, group=cast.closed)
    html = client_of(cast.insider).get(f"/content/{inside.id}/share").text
    assert "alleen leden van" in html


def test_not_visible_and_nobody(client_of: ClientOf, cast: Cast) -> None:
    inside = make.discussion(cast.insider, group=cast.closed)
    reply = make.comment(inside, cast.insider)
    member, visitor = client_of(cast.member), client_of(None)
    for path in (f"/content/{inside.id}/share", f"/comments/{reply.id}/share"):
        assert member.get(path).status_code == 404
        assert visitor.get(path).status_code == 303
