"""“Dit hielp mij”: saying it, how, who said it, and all of it at /helped."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.models import Comment, Discussion, Helped, Notification, User
from app.services import helped
from bench.statements import statements
from tests import cast as make
from tests.cast import Cast
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]


@pytest.fixture
def piece(cast: Cast) -> Discussion:
    return make.discussion(cast.other, "Uitstel vragen", theme=cast.theme)


@pytest.fixture(params=["content", "comments"])
def subject(request: pytest.FixtureRequest, piece: Discussion, cast: Cast) -> Discussion | Comment:
    return piece if request.param == "content" else make.comment(piece, cast.other)


def url(subject: Discussion | Comment, end: str = "") -> str:
    return f"/{'comments' if isinstance(subject, Comment) else 'content'}/{subject.id}/helped{end}"


def news(cast: Cast) -> list[tuple[str, str]]:
    db.session.rollback()
    found = select(Notification).where(Notification.user_id == cast.other.id)
    return [(one.verb, one.message) for one in db.session.scalars(found)]


@pytest.mark.parametrize("htmx", [True, False])
def test_saying_it_twice_says_it_once(
    client: CheckingClient, cast: Cast, subject: Discussion | Comment, htmx: bool
) -> None:
    for wish, count in (("1", 1), ("1", 1), ("0", 0), ("0", 0)):
        answer = client.post(url(subject), data={"helped": wish}, htmx=htmx)
        assert answer.status_code == (200 if htmx else 303)
        db.session.expire_all()
        assert subject.helped_count == count
        assert news(cast) == [("helped", "")] * count
        if htmx:
            assert f'aria-pressed="{"true" if wish == "1" else "false"}"' in answer.text
            assert ("hielp 1 collega" in answer.text) is (count == 1)
            assert ('name="line"' in answer.text) is (wish == "1")


def test_without_htmx_the_question_how_is_a_page(
    client: CheckingClient, cast: Cast, subject: Discussion | Comment
) -> None:
    answer = client.post(url(subject), data={"helped": "1"})
    assert answer.location == url(subject, "/how")
    assert "Hoe hielp het je?" in client.get(answer.location).text
    answer = client.post(url(subject), data={"line": "De brief kwam  op tijd."})
    assert answer.status_code == 303
    assert news(cast) == [("helped", "De brief kwam op tijd.")]
    assert "De brief kwam op tijd." in client.get(url(subject, "/how")).text


def test_how_in_place(
    client: CheckingClient, client_of: ClientOf, cast: Cast, subject: Discussion | Comment
) -> None:
    answer = client.post(url(subject), data={"line": "Zo dus."}, htmx=True)
    assert 'name="line"' not in answer.text and "Dank je" in answer.text
    html = client_of(cast.other).get("/notifications").text
    assert "hielp Lotte Lid" in html or "Lotte Lid" in html
    assert "‘Zo dus.’" in html


@pytest.mark.parametrize("htmx", [True, False])
def test_a_line_that_is_too_long_is_kept(
    client: CheckingClient, subject: Discussion | Comment, htmx: bool
) -> None:
    answer = client.post(url(subject), data={"line": "lang" * 80}, htmx=htmx)
    assert answer.status_code == 422
    assert "langlang" in answer.text and "300 tekens" in answer.text
    assert db.session.scalars(select(Helped)).all() == []


def test_an_unclear_wish_is_refused(client: CheckingClient, piece: Discussion) -> None:
    for data in ({}, {"helped": "misschien"}):
        assert client.post(url(piece), data=data).status_code == 400


def test_not_your_own_not_what_is_hidden_and_not_out_of_sight(
    client_of: ClientOf, subject: Discussion | Comment, cast: Cast
) -> None:
    owner, moderator, visitor = (client_of(who) for who in (cast.other, cast.moderator, None))
    say = {"helped": "1"}
    assert owner.post(url(subject), data=say).status_code == 403
    assert visitor.post(url(subject), data=say).status_code == 401
    assert visitor.get(url(subject)).status_code == 303
    subject.hidden_at = now()
    db.session.commit()
    assert moderator.post(url(subject), data=say).status_code == 403
    inside = make.discussion(cast.insider, group=cast.closed)
    for path in (url(inside), url(make.comment(inside, cast.insider))):
        assert moderator.post(path, data=say).status_code == 404
        assert moderator.get(path).status_code == 404
        assert moderator.get(f"{path}/how").status_code == 404


def test_names_can_be_read(
    client: CheckingClient, subject: Discussion | Comment, cast: Cast
) -> None:
    assert "Nog niemand" in client.get(url(subject)).text
    helped.say(subject, cast.blogger, "Geheim voor de meesten")
    db.session.commit()
    html = client.get(url(subject)).text
    assert "Bea Blogger" in html and "Geheim voor" not in html


def test_it_stands_on_the_page_without_another_statement(
    client: CheckingClient, cast: Cast, piece: Discussion
) -> None:
    reply = make.comment(piece, cast.other)
    path = f"/discussions/{piece.id}-{piece.slug}"
    client.get(path)
    with statements() as before:
        client.get(path)
    for subject in (piece, reply):
        helped.say(subject, cast.member)
    db.session.commit()
    with statements() as after:
        html = client.get(path).text
    assert html.count("hielp 1 collega") == 2
    assert len(before) == len(after) <= 7


# For stories of success ------------------------------------------------------------------------


@pytest.fixture
def said(cast: Cast, piece: Discussion) -> Discussion:
    reply = make.comment(piece, cast.other)
    inside = make.discussion(cast.insider, "Binnenkamers", group=cast.closed)
    gone = make.comment(piece, cast.other, withdrawn_at=now())
    helped.say(piece, cast.member, "=Zo kreeg ik uitstel")
    helped.say(reply, cast.blogger)
    helped.say(inside, cast.group_owner, "kanarie")
    helped.say(gone, cast.blogger, "kanarie")
    db.session.commit()
    return piece


def test_manager_and_ambassadors_read_what_helped(
    client_of: ClientOf, cast: Cast, said: Discussion
) -> None:
    for reader in (cast.manager, cast.ambassador):
        client = client_of(reader)
        html = client.get("/helped").text
        assert "Vraag het voordat je iemand aanhaalt" in html
        assert "=Zo kreeg ik uitstel" in html and "Bea Blogger" in html
        assert f"/discussions/{said.id}-uitstel-vragen" in html
        table = client.get("/helped.csv").text
        assert "'=Zo kreeg ik uitstel" in table and table.count("Uitstel vragen") == 2
        assert "kanarie" not in html + table
        with_line = client.get("/helped?line=1").text
        assert "Lotte Lid" in with_line and "Bea Blogger" not in with_line
        assert "Lotte Lid" in client.get("/helped?theme=schuldhulp").text
        assert "Niets past" in client.get("/helped?theme=wonen").text
        assert client.get("/helped?after=kapot").status_code == 404


def test_others_do_not(client_of: ClientOf, cast: Cast) -> None:
    for path in ("/helped", "/helped.csv"):
        assert client_of(None).get(path).status_code == 303
    member, specialist = client_of(cast.member), client_of(cast.specialist)
    for path in ("/helped", "/helped.csv"):
        assert member.get(path).status_code == specialist.get(path).status_code == 403


def test_an_empty_list_says_how_it_fills(client_of: ClientOf, cast: Cast) -> None:
    assert "Nog niets" in client_of(cast.manager).get("/helped").text
