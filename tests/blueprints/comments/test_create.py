"""POST /content/<id>/comments."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.extensions import Kring, db
from app.lib.clock import now
from app.models import Comment, Discussion, User
from tests import cast as make
from tests.cast import Cast
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]


@pytest.fixture
def thread(cast: Cast) -> Discussion:
    return make.discussion(cast.other, "Hoe doen jullie dit?")


def url(thread: Discussion) -> str:
    return f"/content/{thread.id}/comments"


def filled(body: str = "Wij doen **dit**.", **more: object) -> dict[str, object]:
    return {"body": body, "submission_key": str(uuid4()), "seen": 0, "page": 1, **more}


def only_reply() -> Comment:
    return db.session.scalars(select(Comment)).one()


def test_the_reply_appears_in_place_with_a_new_form(
    client: CheckingClient, thread: Discussion, cast: Cast
) -> None:
    make.comment(thread, cast.blogger, "Tussendoor.")
    form = filled()
    response = client.post(url(thread), data=form, htmx=True)
    html = response.get_data(as_text=True)
    mine = db.session.scalars(select(Comment).where(Comment.author_id == cast.member.id)).one()
    assert response.status_code == 200
    assert f'id="comment-{mine.id}"' in html and "<strong>dit</strong>" in html
    assert "Tussendoor." in html, "replies of others before it come along"
    assert 'id="reply-form"' in html and str(form["submission_key"]) not in html
    assert 'hx-target="#comments-heading"' in html and "2 reacties" in html
    assert "data-announce=" in html
    assert 'name="seen" value="2"' in html


def test_without_htmx_it_leads_to_the_reply(client: CheckingClient, thread: Discussion) -> None:
    response = client.post(url(thread), data=filled())
    assert response.status_code == 303
    assert (
        response.location
        == f"/discussions/{thread.id}-{thread.slug}?page=1#comment-{only_reply().id}"
    )
    assert "Wij doen" in client.get(response.location).get_data(as_text=True)


def test_from_another_page_htmx_leads_to_the_page_of_the_reply(
    client: CheckingClient, thread: Discussion
) -> None:
    thread.last_position = 120
    db.session.commit()
    response = client.post(url(thread), data=filled(page=1, seen=120), htmx=True)
    assert response.status_code == 204
    assert f"page=3#comment-{only_reply().id}" in response.headers["HX-Redirect"]


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize("body", ["", "  \n ", "> " * 40 + "diep"])
def test_what_cannot_be_placed_keeps_the_input(
    client: CheckingClient, thread: Discussion, htmx: bool, body: str
) -> None:
    form = filled(body)
    response = client.post(url(thread), data=form, htmx=htmx)
    html = response.get_data(as_text=True)
    assert response.status_code == 422
    assert 'aria-invalid="true"' in html and 'aria-describedby="body-error"' in html
    assert str(form["submission_key"]) in html
    assert body.strip().replace(">", "&gt;") in html
    assert db.session.scalars(select(Comment)).all() == []


def test_sending_twice_makes_one(client: CheckingClient, thread: Discussion) -> None:
    form = filled()
    first, second = client.post(url(thread), data=form), client.post(url(thread), data=form)
    assert first.location == second.location
    only_reply()


def test_a_made_up_key_is_no_obstacle(client: CheckingClient, thread: Discussion) -> None:
    form = filled(submission_key="'; drop table", seen="-1", page="99999999999999999999999")
    assert client.post(url(thread), data=form).status_code == 303


@pytest.mark.parametrize("state", ["locked_at", "hidden_at", "withdrawn_at"])
@pytest.mark.parametrize("htmx", [True, False])
def test_not_where_nobody_can_reply(
    client_of: ClientOf, thread: Discussion, cast: Cast, state: str, htmx: bool
) -> None:
    setattr(thread, state, now())
    db.session.commit()
    client = client_of(cast.moderator)
    assert client.post(url(thread), data=filled(), htmx=htmx).status_code == 403
    assert 'id="reply-form"' not in client.get(f"/discussions/{thread.id}-{thread.slug}").text


def test_wiki_pages_have_no_replies(client: CheckingClient, cast: Cast) -> None:
    page = make.wiki_page(cast.specialist, cast.theme)
    assert client.post(f"/content/{page.id}/comments", data=filled()).status_code == 403


def test_in_an_open_group_only_members_reply(client_of: ClientOf, cast: Cast) -> None:
    thread = make.discussion(cast.insider, group=cast.open)
    assert client_of(cast.member).post(url(thread), data=filled()).status_code == 403
    assert client_of(cast.insider).post(url(thread), data=filled()).status_code == 303


def test_what_is_not_visible_does_not_exist(client: CheckingClient, cast: Cast) -> None:
    thread = make.discussion(cast.insider, group=cast.closed)
    assert client.post(url(thread), data=filled()).status_code == 404
    assert client.post("/content/999999999/comments", data=filled()).status_code == 404


@pytest.mark.parametrize("htmx", [True, False])
def test_who_was_signed_out_keeps_the_text(
    client_of: ClientOf, thread: Discussion, htmx: bool
) -> None:
    response = client_of(None).post(url(thread), data=filled("Mijn lange tekst"), htmx=htmx)
    assert response.status_code == 401
    assert "Mijn lange tekst" in response.get_data(as_text=True)
    assert db.session.scalars(select(Comment)).all() == []


def test_without_a_token_nothing_is_placed(
    app: Kring, client: CheckingClient, thread: Discussion
) -> None:
    assert app.config.get("WTF_CSRF_ENABLED", True)
    response = client.post(url(thread), data=filled("Bewaard"), csrf=False)
    assert response.status_code == 400 and "Bewaard" in response.text
    assert db.session.scalars(select(Comment)).all() == []
