"""GET /comments/<id>/history."""

from collections.abc import Callable

import pytest

from app.extensions import db
from app.lib.clock import now
from app.models import Comment, User
from app.queries.content import comment_visible
from app.services import comments
from tests import cast as make
from tests.cast import Cast
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]


@pytest.fixture
def comment(cast: Cast) -> Comment:
    made = make.comment(make.discussion(cast.other), cast.member, "Oud woord")
    comment = db.session.scalars(comment_visible(made.id)).one()
    comments.edit(comment, cast.member, "Nieuw woord", 1)
    comments.edit(comment, cast.moderator, "Net woord", 2, "Netter gemaakt")
    db.session.commit()
    return comment


def test_every_version_is_compared_with_the_one_before(
    client: CheckingClient, comment: Comment
) -> None:
    html = client.get(f"/comments/{comment.id}/history").text
    assert "<del>Oud</del>" in html and "<ins>Nieuw</ins>" in html and "<ins>Net</ins>" in html
    assert "Netter gemaakt" in html and "Mo Moderator" in html


def test_what_was_never_changed_says_so(client: CheckingClient, cast: Cast) -> None:
    plain = make.comment(make.discussion(cast.other), cast.other)
    assert "nooit aangepast" in client.get(f"/comments/{plain.id}/history").text


def test_versions_of_what_was_taken_away_are_not_for_all(
    client_of: ClientOf, comment: Comment, cast: Cast
) -> None:
    url = f"/comments/{comment.id}/history"
    reader = client_of(cast.other)
    assert reader.get(url).status_code == 200
    comment.hidden_at = now()
    db.session.commit()
    assert reader.get(url).status_code == 403
    assert client_of(cast.moderator).get(url).status_code == 200


def test_not_visible_and_nobody(client_of: ClientOf, cast: Cast, comment: Comment) -> None:
    closed = make.comment(make.discussion(cast.insider, group=cast.closed), cast.insider)
    assert client_of(cast.member).get(f"/comments/{closed.id}/history").status_code == 404
    assert client_of(None).get(f"/comments/{comment.id}/history").status_code == 303
