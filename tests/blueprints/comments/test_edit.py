"""GET and POST /comments/<id>/edit."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.models import Comment, Discussion, Notification, User
from app.queries.content import comment_visible
from app.services import comments
from tests import cast as make
from tests.cast import Cast
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]


@pytest.fixture
def thread(cast: Cast) -> Discussion:
    return make.discussion(cast.other, "Titel")


@pytest.fixture
def comment(thread: Discussion, cast: Cast) -> Comment:
    return make.comment(thread, cast.member, "Eerste tekst")


def url(comment: Comment) -> str:
    return f"/comments/{comment.id}/edit"


@pytest.mark.parametrize("htmx", [True, False])
def test_the_form_holds_the_text(client: CheckingClient, comment: Comment, htmx: bool) -> None:
    html = client.get(url(comment), htmx=htmx).text
    assert "Eerste tekst" in html and 'name="reason"' not in html
    assert f'id="comment-{comment.id}"' in html


def test_the_new_text_takes_its_place(client: CheckingClient, comment: Comment) -> None:
    response = client.post(url(comment), data={"body": "Tweede tekst", "version": 1}, htmx=True)
    assert response.status_code == 200
    assert f'id="comment-{comment.id}"' in response.text and "Tweede tekst" in response.text
    assert "Aangepast" in response.text and "Eerste tekst" not in response.text


def test_without_htmx_it_leads_to_the_reply(client: CheckingClient, comment: Comment) -> None:
    response = client.post(url(comment), data={"body": "Tweede tekst", "version": 1})
    assert response.status_code == 303 and f"#comment-{comment.id}" in response.location
    assert "Tweede tekst" in client.get(response.location).text


@pytest.mark.parametrize("htmx", [True, False])
def test_an_invalid_text_keeps_the_input(
    client: CheckingClient, comment: Comment, htmx: bool
) -> None:
    response = client.post(url(comment), data={"body": " ", "version": 1}, htmx=htmx)
    assert response.status_code == 422 and 'aria-invalid="true"' in response.text
    assert client.post(url(comment), data={"body": "x", "version": "veel"}).status_code == 422
    db.session.refresh(comment)
    assert comment.body == "Eerste tekst"


@pytest.mark.parametrize("htmx", [True, False])
def test_another_edit_meanwhile_shows_both_and_loses_neither(
    client: CheckingClient, comment: Comment, cast: Cast, htmx: bool
) -> None:
    read_again = db.session.scalars(comment_visible(comment.id)).one()
    comments.edit(read_again, cast.moderator, "Tekst van de moderator", 1, "Reden")
    db.session.commit()
    response = client.post(
        url(comment), data={"body": "Mijn nieuwe tekst", "version": 1}, htmx=htmx
    )
    assert response.status_code == 409
    assert "Mijn nieuwe tekst" in response.text and "moderator" in response.text
    assert (
        'class="diff' in response.text and 'name="version" type="hidden" value="2"' in response.text
    )
    db.session.refresh(comment)
    assert comment.body == "Tekst van de moderator"
    client.post(url(comment), data={"body": "Mijn nieuwe tekst", "version": 2})
    db.session.refresh(comment)
    assert comment.body == "Mijn nieuwe tekst"


def test_a_moderator_gives_a_reason_that_the_writer_hears(
    client_of: ClientOf, comment: Comment, cast: Cast
) -> None:
    client = client_of(cast.moderator)
    assert 'name="reason"' in client.get(url(comment)).text
    data = {"body": "Netter", "version": 1}
    refused = client.post(url(comment), data=data)
    assert refused.status_code == 422 and "Netter" in refused.text
    response = client.post(url(comment), data={**data, "reason": "Geen namen"}, htmx=True)
    assert "Aangepast door moderator Mo Moderator" in response.text
    news = db.session.scalars(
        select(Notification).where(Notification.user_id == cast.member.id)
    ).one()
    assert news.message == "Geen namen"


def test_a_preview_without_script_keeps_nothing(client: CheckingClient, comment: Comment) -> None:
    response = client.post(url(comment), data={"body": "**vet**", "version": 1, "preview": "1"})
    assert response.status_code == 200
    assert "<strong>vet</strong>" in response.text and "**vet**" in response.text
    db.session.refresh(comment)
    assert comment.body == "Eerste tekst"


@pytest.mark.parametrize("htmx", [True, False])
def test_not_yours(client_of: ClientOf, comment: Comment, cast: Cast, htmx: bool) -> None:
    client = client_of(cast.other)
    assert client.get(url(comment), htmx=htmx).status_code == 403
    data = {"body": "Gekaapt", "version": 1}
    assert client.post(url(comment), data=data, htmx=htmx).status_code == 403


@pytest.mark.parametrize("state", ["locked_at", "hidden_at"])
def test_not_in_a_piece_that_is_closed(
    client: CheckingClient, thread: Discussion, comment: Comment, state: str
) -> None:
    setattr(thread, state, now())
    db.session.commit()
    expected = 403 if state == "locked_at" else 404
    assert client.get(url(comment)).status_code == expected


def test_not_visible(client_of: ClientOf, cast: Cast) -> None:
    hidden = make.comment(make.discussion(cast.insider, group=cast.closed), cast.insider)
    assert client_of(cast.moderator).get(url(hidden)).status_code == 404
    assert client_of(cast.member).get("/comments/999999999/edit").status_code == 404


def test_nobody_signed_in(client_of: ClientOf, comment: Comment) -> None:
    assert client_of(None).get(url(comment)).status_code == 303
    response = client_of(None).post(url(comment), data={"body": "Bewaard", "version": 1})
    assert response.status_code == 401 and "Bewaard" in response.text
