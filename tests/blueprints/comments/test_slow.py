"""Replying where a moderator slowed a discussion down."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.extensions import db
from app.lib.clock import now
from app.models import Discussion, User
from tests.cast import Cast, comment, discussion
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]


@pytest.fixture
def slow(cast: Cast) -> Discussion:
    made = discussion(cast.member, slow_minutes=30, slow_reason="Even rust")
    comment(made, cast.other, "Net gezegd", created_at=now() - timedelta(minutes=10))
    return made


def reply(client: CheckingClient, piece: Discussion, htmx: bool = False) -> int:
    return client.post(
        f"/content/{piece.id}/comments", data={"body": "Nog een keer"}, htmx=htmx
    ).status_code


@pytest.mark.parametrize("htmx", [True, False])
def test_who_is_too_soon_hears_when_and_keeps_the_text(
    htmx: bool, cast: Cast, slow: Discussion, client_of: Clients
) -> None:
    answer = client_of(cast.other).post(
        f"/content/{slow.id}/comments", data={"body": "Nog een keer"}, htmx=htmx
    )
    assert answer.status_code == 422
    assert "Je kunt weer reageren op" in answer.text and "Nog een keer" in answer.text
    assert slow.comment_count == 1


def test_others_and_moderators_can_reply(cast: Cast, slow: Discussion, client_of: Clients) -> None:
    for user in (cast.insider, cast.moderator):
        client = client_of(user)
        assert reply(client, slow) == 303
        assert reply(client, slow) == (303 if user is cast.moderator else 422)


def test_who_leads_the_group_can_reply(cast: Cast, client_of: Clients) -> None:
    piece = discussion(cast.insider, group=cast.closed, slow_minutes=30)
    for user, status in ((cast.group_owner, 303), (cast.insider, 422)):
        client = client_of(user)
        assert reply(client, piece) == 303
        db.session.commit()
        answer = client.post(f"/content/{piece.id}/comments", data={"body": "Nog iets"})
        assert answer.status_code == status


def test_it_is_over_in_time_and_by_itself(cast: Cast, slow: Discussion, client_of: Clients) -> None:
    client = client_of(cast.other)
    slow.slow_minutes = 10
    assert reply(client, slow) == 303
    slow.slow_minutes, slow.slow_until = 1440, now() - timedelta(seconds=1)
    db.session.commit()
    assert client.post(f"/content/{slow.id}/comments", data={"body": "Weer"}).status_code == 303


def test_the_page_tells_why_and_until_when(
    cast: Cast, slow: Discussion, client_of: Clients
) -> None:
    slow.slow_until = now() + timedelta(days=1)
    db.session.commit()
    page = client_of(cast.insider).get(f"/discussions/{slow.id}-{slow.slug}").text
    assert "Vertraagd tot" in page and "Even rust" in page
    assert page.count("één keer per 30 minuten") == 1
