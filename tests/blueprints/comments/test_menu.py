"""/comments/<id>/menu: what one may do with a reply, loaded when it is asked for."""

from collections.abc import Callable

import pytest

from app.lib.clock import now
from app.models import User
from tests.cast import Cast, comment, discussion
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_each_reader_finds_what_they_may_do(
    cast: Cast, client_of: ClientOf, headers: dict[str, str]
) -> None:
    reply = comment(discussion(cast.member), cast.other)
    path = f"/comments/{reply.id}/menu"
    mine, theirs = f"/comments/{reply.id}/edit", f"/comments/{reply.id}/hide"
    found = {
        name: client_of(getattr(cast, name)).get(path, headers=headers).text
        for name in ("other", "moderator", "blogger")
    }
    assert mine in found["other"] and theirs not in found["other"]
    assert mine in found["moderator"] and theirs in found["moderator"]
    assert mine not in found["blogger"] and f"/comments/{reply.id}/report" in found["blogger"]


def test_with_htmx_it_is_the_menu_alone_opened(cast: Cast, client_of: ClientOf) -> None:
    reply = comment(discussion(cast.member), cast.other, "Dit is het antwoord.")
    text = client_of(cast.other).get(f"/comments/{reply.id}/menu", headers=HTMX).text
    assert text.lstrip().startswith('<details class="k-menu" open>')
    assert "Dit is het antwoord." not in text


def test_without_it_is_the_reply_with_its_menu(cast: Cast, client_of: ClientOf) -> None:
    asked = discussion(cast.member)
    reply = comment(asked, cast.other, "Dit is het antwoord.")
    client = client_of(cast.other)
    assert (
        f'href="/comments/{reply.id}/menu"'
        in client.get(f"/discussions/{asked.id}-{asked.slug}").text
    )
    text = client.get(f"/comments/{reply.id}/menu").text
    assert "Dit is het antwoord." in text and "<h1" in text
    assert f'id="comment-{reply.id}"' in text


def test_of_a_hidden_reply_the_text_stays_hidden(cast: Cast, client_of: ClientOf) -> None:
    reply = comment(discussion(cast.member), cast.other, "Geheim woord.", hidden_at=now())
    answer = client_of(cast.member).get(f"/comments/{reply.id}/menu")
    assert answer.status_code == 200 and "Geheim" not in answer.text


def test_who_may_not(cast: Cast, client_of: ClientOf) -> None:
    inside = comment(discussion(cast.insider, group=cast.closed), cast.insider)
    path = f"/comments/{inside.id}/menu"
    assert client_of(cast.member).get(path).status_code == 404
    assert client_of(None).get(path).status_code == 303
