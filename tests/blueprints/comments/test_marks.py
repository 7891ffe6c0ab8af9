"""POST /comments/<id>/answer and /comments/<id>/summary."""

from collections.abc import Callable

import pytest

from app.extensions import db
from app.lib.clock import now
from app.models import Comment, Discussion, User
from tests import cast as make
from tests.cast import Cast
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
FIELDS = {"answer": "answer_id", "summary": "summary_comment_id"}
both = pytest.mark.parametrize("mark", ["answer", "summary"])


@pytest.fixture
def question(cast: Cast) -> Discussion:
    return make.discussion(cast.member)


@pytest.fixture
def comment(cast: Cast, question: Discussion) -> Comment:
    return make.comment(question, cast.other)


@both
@pytest.mark.parametrize("htmx", [True, False])
def test_who_asked_marks_and_unmarks(
    client: CheckingClient, question: Discussion, comment: Comment, mark: str, htmx: bool
) -> None:
    for marked in ("1", "1", "0"):
        response = client.post(f"/comments/{comment.id}/{mark}", data={"marked": marked}, htmx=htmx)
        assert response.status_code == (200 if htmx else 303)
        db.session.expire_all()
        assert getattr(question, FIELDS[mark]) == (comment.id if marked == "1" else None)
    assert client.post(f"/comments/{comment.id}/{mark}").status_code == 400


@both
def test_moderators_mark_too_and_others_do_not(
    client_of: ClientOf, comment: Comment, cast: Cast, mark: str
) -> None:
    url = f"/comments/{comment.id}/{mark}"
    assert client_of(cast.moderator).post(url, data={"marked": "1"}).status_code == 303
    for person in (cast.other, cast.specialist, cast.administrator):
        assert client_of(person).post(url, data={"marked": "1"}).status_code == 403


@both
@pytest.mark.parametrize("state", ["hidden_at", "withdrawn_at"])
def test_what_does_not_stand_is_not_marked(
    client_of: ClientOf, comment: Comment, cast: Cast, mark: str, state: str
) -> None:
    setattr(comment, state, now())
    db.session.commit()
    url = f"/comments/{comment.id}/{mark}"
    assert client_of(cast.moderator).post(url, data={"marked": "1"}).status_code == 403


def test_a_topic_has_no_answer(client: CheckingClient, cast: Cast) -> None:
    comment = make.comment(make.discussion(cast.member, is_question=False), cast.other)
    url = f"/comments/{comment.id}"
    assert client.post(f"{url}/answer", data={"marked": "1"}).status_code == 403
    assert client.post(f"{url}/summary", data={"marked": "1"}).status_code == 303


@both
def test_not_visible_and_nobody(
    client_of: ClientOf, cast: Cast, comment: Comment, mark: str
) -> None:
    closed = make.comment(make.discussion(cast.insider, group=cast.closed), cast.insider)
    data = {"marked": "1"}
    assert (
        client_of(cast.moderator).post(f"/comments/{closed.id}/{mark}", data=data).status_code
        == 404
    )
    assert client_of(None).post(f"/comments/{comment.id}/{mark}", data=data).status_code == 401
