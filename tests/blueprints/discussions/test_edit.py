"""Editing a discussion."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.models import Discussion, LogEntry, Notification, Revision, Tag, User
from tests.cast import Cast, comment, discussion
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]


def path(piece: Discussion) -> str:
    return f"/discussions/{piece.id}-{piece.slug}/edit"


def form(**changes: str) -> dict[str, str]:
    return {
        "is_question": "1",
        "title": "Nieuwe titel",
        "body": "Nieuwe tekst",
        "version": "1",
    } | changes


@pytest.fixture
def asked(cast: Cast) -> Discussion:
    tag = Tag(name="Oud woord", slug="oud-woord")
    return discussion(cast.member, "Oude titel", "Oude tekst", theme=cast.theme, tags=[tag])


def test_it_works(cast: Cast, client: CheckingClient, asked: Discussion) -> None:
    page = client.get(path(asked)).text
    for present in (
        'value="Oude titel"',
        "Oude tekst</textarea>",
        'value="Oud woord"',
        'name="version" type="hidden" value="1"',
    ):
        assert present in page
    active = asked.last_active_at
    changes = form(
        theme_id=str(cast.other_theme.id), tags="nieuw", note="Duidelijker", is_question="0"
    )
    response = client.post(path(asked), data=changes)
    assert response.status_code == 303
    db.session.refresh(asked)
    assert response.location == f"/discussions/{asked.id}-nieuwe-titel"
    assert (asked.title, asked.body, asked.version) == ("Nieuwe titel", "Nieuwe tekst", 2)
    assert (asked.theme_id, asked.is_question) == (cast.other_theme.id, False)
    assert "Nieuwe tekst" in asked.body_html
    assert asked.edited_at is not None and asked.edited_by_id == cast.member.id
    assert asked.last_active_at == active
    versions = db.session.scalars(select(Revision).order_by(Revision.number)).all()
    assert [(v.number, v.title, v.body, v.note) for v in versions] == [
        (1, "Oude titel", "Oude tekst", ""), (2, "Nieuwe titel", "Nieuwe tekst", "Duidelijker"),
    ]  # fmt: skip
    assert not db.session.scalars(select(LogEntry)).all()


def test_htmx_leads_the_browser_on(client: CheckingClient, asked: Discussion) -> None:
    response = client.post(path(asked), data=form(), htmx=True)
    assert response.status_code == 204
    assert response.headers["HX-Redirect"].endswith("-nieuwe-titel")


def test_the_same_text_makes_no_version(client: CheckingClient, asked: Discussion) -> None:
    client.post(path(asked), data=form(title="Oude titel", body="Oude tekst", tags="ander woord"))
    db.session.refresh(asked)
    assert asked.version == 1
    assert asked.edited_at is None
    assert "ander woord" in client.get(path(asked)).text


def test_a_moderator_needs_a_reason_and_is_recorded(
    cast: Cast, client_of: Clients, asked: Discussion
) -> None:
    client = client_of(cast.moderator)
    response = client.post(path(asked), data=form(body="Bewaarde tekst"))
    assert response.status_code == 422
    assert 'id="reason-error"' in response.text
    assert "Bewaarde tekst" in response.text
    changes = form(reason="Er stond een naam in", theme_id=str(cast.other_theme.id))
    assert client.post(path(asked), data=changes).status_code == 303
    db.session.refresh(asked)
    assert asked.theme_id == cast.theme.id, "moving a piece is a measure of its own"
    entry = db.session.scalars(select(LogEntry)).one()
    assert (entry.action, entry.actor_id, entry.reason) == (
        "edited",
        cast.moderator.id,
        "Er stond een naam in",
    )
    told = db.session.scalars(select(Notification)).one()
    assert (told.user_id, told.message) == (cast.member.id, "Er stond een naam in")
    page = client_of(cast.other).get(path(asked).removesuffix("/edit")).text
    assert "door Mo Moderator" in page


def test_who_saves_second_sees_both_texts(
    cast: Cast, client_of: Clients, asked: Discussion
) -> None:
    moderator, author = client_of(cast.moderator), client_of(cast.member)
    address = path(asked)
    moderator.post(address, data=form(title="Titel van Mo", body="Tekst van Mo", reason="Taal"))
    response = author.post(address, data=form(title="Titel van Lotte", body="Tekst van Lotte"))
    assert response.status_code == 409
    for text in (
        "Titel van Mo",
        "Tekst van Mo",
        "Titel van Lotte",
        "Tekst van Lotte",
        "Mo Moderator",
    ):
        assert text in response.text
    assert 'name="version" type="hidden" value="2"' in response.text
    db.session.refresh(asked)
    assert asked.body == "Tekst van Mo"
    again = form(title="Titel van Lotte", body="Tekst van Lotte", version="2")
    assert author.post(address, data=again).status_code == 303
    db.session.refresh(asked)
    assert (asked.body, asked.version) == ("Tekst van Lotte", 3)


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"title": ""}, "title"),
        ({"body": ""}, "body"),
        ({"body": "> " * 40 + "x"}, "body"),
        ({"note": "x" * 301}, "note"),
    ],
)
def test_what_is_wrong_is_told(
    client: CheckingClient, asked: Discussion, changes: dict[str, str], field: str
) -> None:
    response = client.post(path(asked), data=form(**changes))
    assert response.status_code == 422
    assert f'id="{field}-error"' in response.text
    assert "Nieuwe" in response.text


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_a_broken_version_is_no_fault_of_ours(
    client: CheckingClient, asked: Discussion, version: str
) -> None:
    assert client.post(path(asked), data=form(version=version)).status_code == 422


def test_preview(client: CheckingClient, asked: Discussion) -> None:
    changes = form(body="Met **nadruk**", preview="1")
    page = client.post(path(asked), data=changes)
    assert page.status_code == 200
    assert "<strong>nadruk</strong>" in page.text
    assert 'value="Nieuwe titel"' in page.text
    assert "<strong>nadruk</strong>" in client.post(path(asked), data=changes, htmx=True).text
    db.session.refresh(asked)
    assert asked.body == "Oude tekst"


def test_not_yours(cast: Cast, client_of: Clients, asked: Discussion) -> None:
    for stranger in (cast.other, cast.specialist, cast.administrator):
        client = client_of(stranger)
        assert client.get(path(asked)).status_code == 403
        assert client.post(path(asked), data=form()).status_code == 403
    asked.locked_at = now()
    db.session.commit()
    assert client_of(cast.member).post(path(asked), data=form()).status_code == 403


def test_not_visible(cast: Cast, client_of: Clients) -> None:
    secret = discussion(cast.insider, group=cast.closed)
    client = client_of(cast.moderator)
    assert client.get(path(secret)).status_code == 404
    assert client.post(path(secret), data=form()).status_code == 404


def test_the_audience_stays(cast: Cast, client_of: Clients) -> None:
    inside = discussion(cast.insider, group=cast.closed)
    client_of(cast.insider).post(path(inside), data=form(group_id=""))
    db.session.refresh(inside)
    assert (inside.title, inside.group_id) == ("Nieuwe titel", cast.closed.id)


def test_nobody_signed_in(client_of: Clients, asked: Discussion) -> None:
    assert client_of(None).get(path(asked)).status_code == 303
    response = client_of(None).post(path(asked), data=form())
    assert response.status_code == 401
    assert "Nieuwe tekst" in response.text


def test_replies_stay(cast: Cast, client: CheckingClient, asked: Discussion) -> None:
    reply = comment(asked, cast.other)
    response = client.post(path(asked), data=form())
    assert f'id="comment-{reply.id}"' in client.get(response.location).text
