"""Likes and follows: POST /content/<id>/like, /content/<id>/follow, /comments/<id>/like; names."""

from collections.abc import Callable

import pytest

from app.extensions import db
from app.lib.clock import now
from app.models import Comment, Discussion, Follow, User
from app.services import reactions
from tests import cast as make
from tests.cast import Cast
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]


@pytest.fixture
def piece(cast: Cast) -> Discussion:
    return make.discussion(cast.other)


@pytest.fixture
def comment(cast: Cast, piece: Discussion) -> Comment:
    return make.comment(piece, cast.other)


@pytest.fixture(params=["content", "comments"])
def subject(
    request: pytest.FixtureRequest, piece: Discussion, comment: Comment
) -> Discussion | Comment:
    return piece if request.param == "content" else comment


def url(subject: Discussion | Comment, what: str = "like") -> str:
    return f"/{'comments' if isinstance(subject, Comment) else 'content'}/{subject.id}/{what}"


@pytest.mark.parametrize("htmx", [True, False])
def test_liking_twice_likes_once(
    client: CheckingClient, subject: Discussion | Comment, htmx: bool
) -> None:
    for liked, count in (("1", 1), ("1", 1), ("0", 0), ("0", 0)):
        response = client.post(url(subject), data={"liked": liked}, htmx=htmx)
        assert response.status_code == (200 if htmx else 303)
        db.session.expire_all()
        assert subject.like_count == count
        if htmx:
            assert f'aria-pressed="{"true" if liked == "1" else "false"}"' in response.text
            assert ("1 waardering" in response.text) is (count == 1)


def test_an_unclear_wish_is_refused(client: CheckingClient, subject: Discussion | Comment) -> None:
    for data in ({}, {"liked": "maybe"}):
        assert client.post(url(subject), data=data).status_code == 400


def test_not_your_own_and_not_what_is_hidden(
    client_of: ClientOf, subject: Discussion | Comment, cast: Cast
) -> None:
    assert client_of(cast.other).post(url(subject), data={"liked": "1"}).status_code == 403
    subject.hidden_at = now()
    db.session.commit()
    assert client_of(cast.moderator).post(url(subject), data={"liked": "1"}).status_code == 403


def test_not_visible_and_nobody(
    client_of: ClientOf, cast: Cast, subject: Discussion | Comment
) -> None:
    closed = make.discussion(cast.insider, group=cast.closed)
    inside: Discussion | Comment = closed
    if isinstance(subject, Comment):
        inside = make.comment(closed, cast.insider)
    member, visitor = client_of(cast.member), client_of(None)
    assert member.post(url(inside), data={"liked": "1"}).status_code == 404
    assert member.get(url(inside, "likes")).status_code == 404
    assert visitor.post(url(subject), data={"liked": "1"}).status_code == 401
    assert visitor.get(url(subject, "likes")).status_code == 303


def test_the_names_of_active_people_can_be_read(
    client: CheckingClient, subject: Discussion | Comment, cast: Cast
) -> None:
    assert "Nog niemand" in client.get(url(subject, "likes")).text
    for person in (cast.blogger, cast.specialist):
        reactions.like(subject, person, wanted=True)
    cast.specialist.deactivated_at = now()
    db.session.commit()
    html = client.get(url(subject, "likes")).text
    assert "Bea Blogger" in html and "Sam Specialist" not in html
    for wrong in ("abc", "-1", "99999999999999999999"):
        assert "Bea Blogger" in client.get(url(subject, f"likes?before={wrong}")).text


def test_many_names_go_on_on_a_next_page(client: CheckingClient, piece: Discussion) -> None:
    people = [make.person(f"Lid {number:03d}") for number in range(51)]
    db.session.flush()
    for person in people:
        reactions.like(piece, person, wanted=True)
    html = client.get(url(piece, "likes")).text
    assert "Lid 050" in html and "Lid 000" not in html
    before = html.partition("?before=")[2].partition('"')[0]
    assert "Lid 000" in client.get(url(piece, f"likes?before={before}")).text


@pytest.mark.parametrize("htmx", [True, False])
def test_following_and_unfollowing(
    client: CheckingClient, piece: Discussion, cast: Cast, htmx: bool
) -> None:
    for following in ("1", "1", "0", "0"):
        response = client.post(url(piece, "follow"), data={"following": following}, htmx=htmx)
        assert response.status_code == (200 if htmx else 303)
        db.session.expire_all()
        found = db.session.get(Follow, (cast.member.id, piece.id))
        assert (found is not None) is (following == "1")
    assert client.post(url(piece, "follow")).status_code == 400


def test_following_needs_sight_of_the_piece(
    client_of: ClientOf, cast: Cast, piece: Discussion
) -> None:
    closed = make.discussion(cast.insider, group=cast.closed)
    data = {"following": "1"}
    assert client_of(cast.member).post(url(closed, "follow"), data=data).status_code == 404
    assert client_of(None).post(url(piece, "follow"), data=data).status_code == 401
