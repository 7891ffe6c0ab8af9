"""Reporting a piece or a reply."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Case, CaseState, Comment, Content, Report, User
from tests.cast import Cast, comment, discussion
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]
both_ways = pytest.mark.parametrize("htmx", [True, False], ids=["htmx", "plain"])
DATA = {"reason": "private_data", "note": "Hier staat een naam in"}


@pytest.fixture(params=["content", "comments"])
def subject(request: pytest.FixtureRequest, cast: Cast) -> Content | Comment:
    piece = discussion(cast.member, "Een vraag met een naam")
    return piece if request.param == "content" else comment(piece, cast.member)


def path(subject: Content | Comment) -> str:
    return f"/{'comments' if isinstance(subject, Comment) else 'content'}/{subject.id}/report"


@both_ways
def test_works_once(htmx: bool, cast: Cast, subject: Content | Comment, client_of: Clients) -> None:
    client = client_of(cast.other)
    for _time in range(2):
        response = client.post(path(subject), data=DATA, htmx=htmx)
        assert response.status_code == (200 if htmx else 303)
    made = db.session.scalars(select(Report)).one()
    assert (made.reporter_id, made.reason, made.note) == (cast.other.id, *DATA.values())
    opened = db.session.get_one(Case, made.case_id)
    assert opened.state is CaseState.OPEN and made.created_at
    assert (opened.comment_id or opened.content_id) == subject.id
    assert client_of(cast.blogger).post(path(subject), data=DATA).status_code == 303
    assert len(db.session.scalars(select(Report)).all()) == 2


def test_can_be_reported_again_after_it_was_settled(
    cast: Cast, subject: Content | Comment, client_of: Clients
) -> None:
    client = client_of(cast.other)
    client.post(path(subject), data=DATA)
    db.session.scalars(select(Case)).one().state = CaseState.REJECTED
    client.post(path(subject), data=DATA)
    assert len(db.session.scalars(select(Report)).all()) == 2


@both_ways
def test_shows_its_form(
    htmx: bool, cast: Cast, subject: Content | Comment, client_of: Clients
) -> None:
    client = client_of(cast.other)
    response = client.get(path(subject), htmx=htmx)
    assert response.status_code == 200 and f'action="{path(subject)}"' in response.text
    assert ("<h1" in response.text) is not htmx
    assert client.get(f"{path(subject)}?cancel", htmx=True).status_code == 200


@both_ways
@pytest.mark.parametrize("reason", ["", "verzonnen"])
def test_asks_a_reason_and_keeps_input(
    reason: str, htmx: bool, cast: Cast, subject: Content | Comment, client_of: Clients
) -> None:
    response = client_of(cast.other).post(path(subject), data={**DATA, "reason": reason}, htmx=htmx)
    assert response.status_code == 422 and DATA["note"] in response.text
    assert not db.session.scalars(select(Report)).all()


@both_ways
def test_is_guarded(htmx: bool, cast: Cast, subject: Content | Comment, client_of: Clients) -> None:
    inside = discussion(cast.insider, group=cast.closed)
    assert client_of(cast.member).post(path(subject), data=DATA, htmx=htmx).status_code == 403
    other = client_of(cast.other)
    assert other.post(path(inside), data=DATA, htmx=htmx).status_code == 404
    assert other.get(path(comment(inside, cast.insider)), htmx=htmx).status_code == 404
    assert client_of(None).post(path(subject), data=DATA, htmx=htmx).status_code == 401
    assert not db.session.scalars(select(Report)).all()
