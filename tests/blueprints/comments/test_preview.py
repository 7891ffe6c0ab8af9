"""POST /content/<id>/comments/preview."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Comment, Discussion, User
from tests import cast as make
from tests.cast import Cast
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]


@pytest.fixture
def thread(cast: Cast) -> Discussion:
    return make.discussion(cast.other)


@pytest.mark.parametrize("htmx", [True, False])
def test_the_text_is_shown_and_not_kept(
    client: CheckingClient, thread: Discussion, htmx: bool
) -> None:
    response = client.post(
        f"/content/{thread.id}/comments/preview", data={"body": "Een **vet** woord"}, htmx=htmx
    )
    assert response.status_code == 200 and "<strong>vet</strong>" in response.text
    assert ("Een **vet** woord" in response.text) is not htmx, "without htmx the form comes along"
    assert db.session.scalars(select(Comment)).all() == []


@pytest.mark.parametrize("htmx", [True, False])
def test_an_empty_text_is_refused(client: CheckingClient, thread: Discussion, htmx: bool) -> None:
    url = f"/content/{thread.id}/comments/preview"
    assert client.post(url, data={"body": ""}, htmx=htmx).status_code == 422


def test_who_cannot_read_gets_none(client_of: ClientOf, cast: Cast) -> None:
    thread = make.discussion(cast.insider, group=cast.closed)
    url = f"/content/{thread.id}/comments/preview"
    assert client_of(cast.member).post(url, data={"body": "x"}).status_code == 404
    assert client_of(None).post(url, data={"body": "x"}).status_code == 401
