"""Reporting a piece, a reply, a document or a profile."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Attachment, Case, CaseState, Comment, Content, Report, User
from app.services.alarms import key_of
from tests.cast import Cast, comment, discussion, document
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]
Subject = Content | Comment | Attachment | User
both_ways = pytest.mark.parametrize("htmx", [True, False], ids=["htmx", "plain"])
RULE = "4. Noem geen inwoners"
DATA = {"reason": RULE, "note": "Hier staat een naam in"}


@pytest.fixture(params=["content", "comments", "attachments", "people"])
def subject(request: pytest.FixtureRequest, cast: Cast) -> Subject:
    piece = discussion(cast.member, "Een vraag met een naam")
    made: dict[str, Callable[[], Subject]] = {
        "content": lambda: piece, "comments": lambda: comment(piece, cast.member),
        "attachments": lambda: document(piece, cast.member, "Een lijst"),
        "people": lambda: cast.member,
    }  # fmt: skip
    return made[request.param]()


def path(subject: Subject) -> str:
    match subject:
        case Comment():
            return f"/comments/{subject.id}/report"
        case Attachment():
            return f"/attachments/{subject.id}-{subject.slug}/report"
        case User():
            return f"/people/{subject.id}-{subject.slug}/report"
    return f"/content/{subject.id}/report"


@both_ways
def test_works_once(htmx: bool, cast: Cast, subject: Subject, client_of: Clients) -> None:
    client = client_of(cast.other)
    first = client.post(path(subject), data=DATA, htmx=htmx)
    assert first.status_code == (200 if htmx else 303)
    again = client.post(path(subject), data=DATA, htmx=htmx)
    page = again.text if htmx else client.get("/notifications").text
    assert "Je had dit al gemeld" in page
    made = db.session.scalars(select(Report)).one()
    assert (made.reporter_id, made.reason, made.note) == (cast.other.id, *DATA.values())
    opened = db.session.scalars(select(Case)).one()
    assert opened.state is CaseState.OPEN and opened.due_at > opened.created_at
    assert getattr(opened, key_of(subject)) == subject.id
    assert client_of(cast.blogger).post(path(subject), data=DATA).status_code == 303
    assert len(db.session.scalars(select(Report)).all()) == 2
    assert len(db.session.scalars(select(Case)).all()) == 1


def test_can_be_reported_again_after_it_was_closed(
    cast: Cast, subject: Subject, client_of: Clients
) -> None:
    client = client_of(cast.other)
    client.post(path(subject), data=DATA)
    db.session.scalars(select(Case)).one().state = CaseState.REJECTED
    client.post(path(subject), data=DATA)
    assert len(db.session.scalars(select(Case)).all()) == 2


@both_ways
def test_shows_its_form_with_the_rules(
    htmx: bool, cast: Cast, subject: Subject, client_of: Clients
) -> None:
    client = client_of(cast.other)
    response = client.get(path(subject), htmx=htmx)
    assert response.status_code == 200 and f'action="{path(subject)}"' in response.text
    assert RULE in response.text and 'href="/pages/house-rules#artikel-4"' in response.text
    assert ("<h1" in response.text) is not htmx
    assert client.get(f"{path(subject)}?cancel", htmx=True).status_code == 200


@both_ways
@pytest.mark.parametrize("reason", ["", "verzonnen"])
def test_asks_a_reason_and_keeps_input(
    reason: str, htmx: bool, cast: Cast, subject: Subject, client_of: Clients
) -> None:
    response = client_of(cast.other).post(path(subject), data={**DATA, "reason": reason}, htmx=htmx)
    assert response.status_code == 422 and DATA["note"] in response.text
    assert not db.session.scalars(select(Report)).all()


@both_ways
def test_something_else_needs_words(
    htmx: bool, cast: Cast, subject: Subject, client_of: Clients
) -> None:
    client = client_of(cast.other)
    response = client.post(path(subject), data={"reason": "other", "note": "  "}, htmx=htmx)
    assert response.status_code == 422 and "Vertel de moderators" in response.text
    assert not db.session.scalars(select(Report)).all()
    client.post(path(subject), data={"reason": "other", "note": "Vreemd"}, htmx=htmx)
    assert db.session.scalars(select(Report)).one().reason == "other"


@both_ways
def test_is_not_for_visitors_or_for_ones_own(
    htmx: bool, cast: Cast, subject: Subject, client_of: Clients
) -> None:
    assert client_of(cast.member).post(path(subject), data=DATA, htmx=htmx).status_code == 403
    assert client_of(None).post(path(subject), data=DATA, htmx=htmx).status_code == 401
    assert not db.session.scalars(select(Report)).all()


@both_ways
def test_what_one_cannot_see_is_not_there(htmx: bool, cast: Cast, client_of: Clients) -> None:
    inside = discussion(cast.insider, group=cast.closed)
    other = client_of(cast.other)
    for subject in (inside, comment(inside, cast.insider), document(inside, cast.insider)):
        assert other.post(path(subject), data=DATA, htmx=htmx).status_code == 404
        assert other.get(path(subject), htmx=htmx).status_code == 404
    assert not db.session.scalars(select(Report)).all()


def test_a_document_and_a_profile_lead_to_their_form(cast: Cast, client_of: Clients) -> None:
    asked = discussion(cast.member)
    added = document(asked, cast.member, "Een lijst")
    client = client_of(cast.other)
    assert path(added) in client.get(f"/discussions/{asked.id}-{asked.slug}").text
    assert path(cast.member) in client.get(f"/people/{cast.member.id}-{cast.member.slug}").text
    own = client_of(cast.member).get(f"/people/{cast.member.id}-{cast.member.slug}").text
    assert path(cast.member) not in own
