"""POST /comments/<id>/withdraw and /comments/<id>/undo."""

from collections.abc import Callable

import pytest

from app.extensions import db
from app.lib.clock import now
from app.models import Comment, Discussion, User
from tests import cast as make
from tests.cast import Cast
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]


@pytest.fixture
def thread(cast: Cast) -> Discussion:
    return make.discussion(cast.other, "Titel")


@pytest.fixture
def comment(thread: Discussion, cast: Cast) -> Comment:
    return make.comment(thread, cast.member, "Dit had ik niet moeten zeggen")


@pytest.mark.parametrize("htmx", [True, False])
def test_its_text_goes_and_its_place_stays(  # noqa: PLR0917  # fixtures, each needed
    client: CheckingClient,
    client_of: ClientOf,
    thread: Discussion,
    comment: Comment,
    cast: Cast,
    htmx: bool,
) -> None:
    response = client.post(f"/comments/{comment.id}/withdraw", htmx=htmx)
    assert response.status_code == (200 if htmx else 303)
    page = client_of(cast.moderator).get(f"/discussions/{thread.id}-{thread.slug}").text
    assert "ingetrokken door de schrijver" in page and f'id="comment-{comment.id}"' in page
    assert "niet moeten zeggen" not in page
    assert thread.comment_count == 0
    response = client.post(f"/comments/{comment.id}/undo", htmx=htmx)
    assert response.status_code == (200 if htmx else 303)
    db.session.expire_all()
    assert comment.withdrawn_at is None and thread.comment_count == 1


@pytest.mark.parametrize("action", ["withdraw", "undo"])
def test_not_yours(client_of: ClientOf, comment: Comment, cast: Cast, action: str) -> None:
    for person in (cast.other, cast.moderator):
        assert client_of(person).post(f"/comments/{comment.id}/{action}").status_code == 403


def test_not_when_it_was_hidden(client: CheckingClient, comment: Comment) -> None:
    """The moderators' measure is not undone by taking it back and showing it again."""
    comment.hidden_at = now()
    db.session.commit()
    assert client.post(f"/comments/{comment.id}/undo").status_code == 403


def test_not_visible_and_nobody(
    client: CheckingClient, client_of: ClientOf, cast: Cast, comment: Comment
) -> None:
    closed = make.comment(make.discussion(cast.insider, group=cast.closed), cast.insider)
    assert client.post(f"/comments/{closed.id}/withdraw").status_code == 404
    assert client_of(None).post(f"/comments/{comment.id}/withdraw").status_code == 401
    assert client.get(f"/comments/{comment.id}/withdraw").status_code == 405
