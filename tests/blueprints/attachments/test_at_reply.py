"""Documents at a reply."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from PIL import Image as Picture
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.models import Attachment, Comment, Content, Discussion, LogEntry, Notification, User
from app.services import attachments
from bench.statements import statements
from tests.cast import Cast, comment, discussion, document
from tests.checking import CheckingClient
from tests.filemaking import PDF
from tests.filemaking import image as file_of

Clients = Callable[[User | None], CheckingClient]


def path(reply: Comment) -> str:
    return f"/comments/{reply.id}/attachments"


def send(
    client: CheckingClient, reply: Comment, content: bytes = PDF, name: str = "a.pdf", **more: Any
) -> Any:
    fields = {"file": (BytesIO(content), name), "title": more.pop("title", "De brief")}
    return client.post(path(reply), data=fields, **more)


@pytest.fixture
def asked(cast: Cast) -> Discussion:
    return discussion(cast.other)


@pytest.fixture
def reply(cast: Cast, asked: Discussion) -> Comment:
    return comment(asked, cast.member)


def thread_of(asked: Discussion) -> str:
    return f"/discussions/{asked.id}-{asked.slug}"


@pytest.mark.parametrize("htmx", [False, True])
def test_the_writer_adds_a_document(
    cast: Cast, client_of: Clients, asked: Discussion, reply: Comment, htmx: bool
) -> None:
    author, reader = client_of(cast.member), client_of(cast.insider)
    assert path(reply) in author.get(f"/comments/{reply.id}/menu").text
    assert f"je reactie #{reply.position}" in author.get(path(reply)).text
    answer = send(author, reply, htmx=htmx)
    assert answer.status_code == (204 if htmx else 303)
    assert (answer.location or answer.headers["HX-Redirect"]) == f"/comments/{reply.id}"
    db.session.refresh(reply)
    assert reply.attachment_count == 1
    page = reader.get(thread_of(asked)).text
    assert "De brief" in page and "(PDF, 1 kB)" in page and "0 keer gedownload" in page
    assert path(reply) not in page
    (found,) = db.session.scalars(select(Attachment))
    assert reader.get(f"/attachments/{found.id}-{found.slug}").data == PDF


def test_others_may_not(cast: Cast, client_of: Clients, reply: Comment) -> None:
    for person in (cast.other, cast.moderator, cast.specialist, cast.administrator):
        client = client_of(person)
        assert client.get(path(reply)).status_code == send(client, reply).status_code == 403
    assert client_of(None).get(path(reply)).status_code == 303
    assert send(client_of(None), reply).status_code == 401


def test_what_is_closed_takes_nothing(
    cast: Cast, client: CheckingClient, asked: Discussion, reply: Comment
) -> None:
    inside = comment(discussion(cast.insider, group=cast.closed), cast.insider)
    assert send(client, inside).status_code == 404
    asked.locked_at = now()
    db.session.commit()
    assert send(client, reply).status_code == 403
    asked.locked_at, reply.withdrawn_at = None, now()
    db.session.commit()
    assert send(client, reply).status_code == 403


def test_what_is_wrong_is_told_and_the_title_kept(client: CheckingClient, reply: Comment) -> None:
    answer = send(client, reply, b"<html>", "x.pdf", title="Mijn titel")
    assert answer.status_code == 422 and 'value="Mijn titel"' in answer.text
    assert 'id="file-error"' in answer.text
    assert send(client, reply).status_code == 303
    assert "staat er al" in send(client, reply).text


def test_the_same_document_can_stand_at_the_piece_too(cast: Cast, client_of: Clients) -> None:
    asked = discussion(cast.member)
    reply = comment(asked, cast.member)
    document(asked, cast.member, "Dezelfde tekst")
    document(reply, cast.member, "Dezelfde tekst")
    page = client_of(cast.other).get(thread_of(asked)).text
    assert page.count(" download>") == 2 and "1 document<" in page


def test_a_page_asks_once_for_all_documents(cast: Cast, client: CheckingClient) -> None:
    asked = discussion(cast.other)
    replies = [comment(asked, cast.other) for _ in range(5)]
    client.get(thread_of(asked))
    with statements() as without:
        client.get(thread_of(asked))
    places: list[Content | Comment] = [asked, *replies]
    for place in places:
        document(place, cast.other)
        document(place, cast.other)
    with statements() as having:
        page = client.get(thread_of(asked)).text
    assert page.count(" download>") == 12
    assert len(having) == len(without) + 1


def test_a_reply_that_comes_in_place_shows_its_own(cast: Cast, client: CheckingClient) -> None:
    asked = discussion(cast.other)
    reply = comment(asked, cast.other)
    document(reply, cast.other, title="Het schema")
    newer = client.get(f"/content/{asked.id}/comments?seen=0&page=1", htmx=True)
    if newer.status_code == 200:
        assert "Het schema" in newer.text


def test_a_moderator_removes_it_with_a_reason(
    cast: Cast, client_of: Clients, asked: Discussion, reply: Comment
) -> None:
    one = document(reply, cast.member, title="Lijst met namen")
    address = f"/attachments/{one.id}-{one.slug}"
    moderator = client_of(cast.moderator)
    assert moderator.post(f"{address}/remove", data={"reason": ""}).status_code == 422
    answer = moderator.post(f"{address}/remove", data={"reason": "Er staan namen in."})
    assert answer.status_code == 303 and answer.location == f"/comments/{reply.id}"
    assert moderator.get(address).status_code == 404
    db.session.refresh(reply)
    assert reply.attachment_count == 0
    assert db.session.scalars(select(LogEntry)).one().reason == "Er staan namen in."
    news = db.session.scalars(select(Notification)).one()
    assert (news.user_id, news.comment_id) == (cast.member.id, reply.id)


def test_a_reply_out_of_sight_takes_its_documents_along(
    cast: Cast, client_of: Clients, asked: Discussion, reply: Comment
) -> None:
    one = document(reply, cast.member, title="Lijst met namen")
    address = f"/attachments/{one.id}-{one.slug}"
    other = client_of(cast.insider)
    assert other.get(address).status_code == 200
    reply.hidden_at = now()
    db.session.commit()
    assert "Lijst met namen" not in other.get(thread_of(asked)).text
    assert other.get(address).status_code == 404
    assert client_of(cast.moderator).get(address).status_code == 200


def test_an_image_among_documents_has_a_preview(
    cast: Cast, client_of: Clients, asked: Discussion, reply: Comment
) -> None:
    made = attachments.add(reply, cast.member, BytesIO(file_of("PNG", (900, 300))), "f.png", "")
    db.session.commit()
    other = client_of(cast.insider)
    address = f"/attachments/{made.id}-{made.slug}/preview"
    assert f'src="{address}"' in other.get(thread_of(asked)).text
    answer = other.get(address)
    with Picture.open(BytesIO(answer.data)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (192, 64))
    assert other.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    reply.hidden_at = now()
    db.session.commit()
    assert other.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 404
    plain = document(discussion(cast.member), cast.member)
    assert other.get(f"/attachments/{plain.id}-{plain.slug}/preview").status_code == 404
