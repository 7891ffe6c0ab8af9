"""The page of a case, and what moderators do with it: in place and without scripts."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.models import (
    Attachment,
    Case,
    CaseEvent,
    CaseState,
    CaseStep,
    Comment,
    Discussion,
    LogEntry,
    Notification,
    OutgoingMail,
    User,
)
from bench.statements import statements
from tests.cast import Cast, case, comment, discussion, document
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]
both_ways = pytest.mark.parametrize("htmx", [True, False], ids=["htmx", "plain"])
STEPS = ("take", "release", "notes", "hand-over", "escalate", "close")
WHY = "Dit gaat over een wethouder."


@pytest.fixture
def piece(cast: Cast) -> Discussion:
    return discussion(cast.member, "Een scherpe vraag", "Dit is wel erg scherp gesteld.")


@pytest.fixture
def reported(cast: Cast, piece: Discussion) -> Case:
    return case(piece, cast.other, "Zo praten we niet")


def inside(cast: Cast) -> Case:
    """Return a case about a text in a closed group."""
    closed = discussion(cast.insider, "Binnen", "Besloten woorden.", group=cast.closed)
    return case(closed, cast.group_owner)


def path(one: Case, step: str = "") -> str:
    return f"/moderation/cases/{one.id}" + (f"/{step}" if step else "")


def post(client: CheckingClient, one: Case, step: str, htmx: bool, **data: Any) -> Any:
    return client.post(path(one, step), data=data, htmx=htmx)


def steps(one: Case) -> list[CaseEvent]:
    return list(db.session.scalars(select(CaseEvent).where(CaseEvent.case_id == one.id)))


def test_shows_the_text_who_reported_and_what_can_be_done(
    cast: Cast, reported: Case, client_of: Clients
) -> None:
    page = client_of(cast.moderator).get(path(reported)).text
    assert "Dit is wel erg scherp gesteld." in page and "Zo praten we niet" in page
    assert cast.other.name in page and "Oppakken" in page and "Voorleggen" in page
    assert "Voorleggen" not in client_of(cast.manager).get(path(reported)).text


@pytest.mark.parametrize("kind", ["reply", "document", "profile"])
def test_every_kind_of_subject_has_a_page(
    kind: str, cast: Cast, piece: Discussion, client_of: Clients
) -> None:
    cast.member.about = "Over mij."
    subject: Comment | Attachment | User = cast.member
    if kind == "reply":
        subject = comment(piece, cast.member, "Wat dom.")
    if kind == "document":
        subject = document(piece, cast.member, title="Een lijst")
    words = {"reply": "Wat dom.", "document": "Een lijst", "profile": "Over mij."}[kind]
    one = case(subject, cast.other)
    client = client_of(cast.moderator)
    assert words in client.get(path(one)).text
    assert ("verberg het nu" in client.get(path(one)).text) is (kind == "reply")
    data = {"decision": "upheld", "outcome": "Besproken."}
    assert post(client, one, "close", False, **data).status_code == 303
    assert one.state is CaseState.RESOLVED
    assert "Besproken." in db.session.scalars(select(OutgoingMail)).one().body


@both_ways
def test_is_taken_and_released(htmx: bool, cast: Cast, reported: Case, client_of: Clients) -> None:
    client = client_of(cast.moderator)
    answer = post(client, reported, "take", htmx)
    assert answer.status_code == (200 if htmx else 303)
    if htmx:
        assert 'id="case"' in answer.text and "<h1" not in answer.text
        assert f"In behandeling bij {cast.moderator.name}" in answer.text
    assert (reported.state, reported.taken_by_id) == (CaseState.TAKEN, cast.moderator.id)
    assert reported.first_look_at and reported.taken_at
    assert post(client, reported, "take", htmx).status_code == answer.status_code
    assert post(client_of(cast.manager), reported, "release", htmx).status_code < 400
    assert (reported.state, reported.taken_by_id) == (CaseState.OPEN, None)
    assert [each.step for each in steps(reported)] == [CaseStep.TAKEN, CaseStep.RELEASED]


@both_ways
def test_what_another_just_took_is_theirs(
    htmx: bool, cast: Cast, reported: Case, client_of: Clients
) -> None:
    post(client_of(cast.manager), reported, "take", htmx)
    answer = post(client_of(cast.moderator), reported, "take", htmx)
    assert answer.status_code == 409
    assert f"{cast.manager.name} heeft deze melding net opgepakt" in answer.text
    assert reported.taken_by_id == cast.manager.id and len(steps(reported)) == 1


@both_ways
def test_a_note_is_for_who_handles_it(
    htmx: bool, cast: Cast, reported: Case, client_of: Clients
) -> None:
    client = client_of(cast.moderator)
    assert post(client, reported, "notes", htmx, note=" ").status_code == 422
    answer = post(client, reported, "notes", htmx, note="Vaker gezien.")
    assert answer.status_code == (200 if htmx else 303)
    page = client_of(cast.manager).get(path(reported)).text
    assert "Vaker gezien." in page and f"Notitie van {cast.moderator.name}" in page
    assert reported.first_look_at and not db.session.scalars(select(Notification)).all()


@both_ways
def test_is_handed_over(htmx: bool, cast: Cast, reported: Case, client_of: Clients) -> None:
    client = client_of(cast.moderator)
    for wrong in ("", "x", str(cast.member.id), str(cast.moderator.id), str(cast.other.id)):
        answer = post(client, reported, "hand-over", htmx, to=wrong, message="Wil jij?")
        assert answer.status_code == 422 and "Wil jij?" in answer.text, wrong
    answer = post(client, reported, "hand-over", htmx, to=cast.ambassador.id, message="Wil jij?")
    assert answer.status_code == (200 if htmx else 303)
    assert (reported.state, reported.taken_by_id) == (CaseState.TAKEN, cast.ambassador.id)
    news = db.session.scalars(select(Notification)).one()
    assert (news.user_id, news.verb, news.case_id, news.message) == (
        cast.ambassador.id, "case_handed", reported.id, "Wil jij?",
    )  # fmt: skip
    assert steps(reported)[0].to_id == cast.ambassador.id


@both_ways
def test_is_brought_before_the_manager(
    htmx: bool, cast: Cast, reported: Case, client_of: Clients
) -> None:
    client = client_of(cast.moderator)
    post(client, reported, "take", htmx)
    assert post(client, reported, "escalate", htmx, why="").status_code == 422
    answer = post(client, reported, "escalate", htmx, why=WHY)
    assert answer.status_code == (200 if htmx else 303)
    assert reported.escalated_at and reported.escalated_by_id == cast.moderator.id
    assert reported.state is CaseState.OPEN and reported.taken_by_id is None
    news = db.session.scalars(select(Notification)).one()
    assert (news.user_id, news.verb, news.message) == (cast.manager.id, "case_escalated", WHY)
    mail = db.session.scalars(select(OutgoingMail)).one()
    assert mail.recipient == cast.manager.email and WHY in mail.body and path(reported) in mail.body
    row = db.session.scalars(select(LogEntry)).one()
    assert (row.action, row.reason) == ("case_escalated", ""), "the log is for more eyes"
    again = post(client, reported, "escalate", htmx, why="Nog eens.")
    assert again.status_code == 409 and "al voorgelegd" in again.text


@both_ways
def test_nobody_decides_about_themselves(htmx: bool, cast: Cast, client_of: Clients) -> None:
    one = case(discussion(cast.manager), cast.other)
    answer = post(client_of(cast.moderator), one, "escalate", htmx, why=WHY)
    assert answer.status_code == 409 and "geen communitymanager" in answer.text
    assert one.escalated_at is None
    assert client_of(cast.manager).get(path(one)).status_code == 404


def test_from_a_closed_group_only_the_manager_reads_it_when_asked(
    cast: Cast, client_of: Clients
) -> None:
    one = inside(cast)
    manager, moderator = client_of(cast.manager), client_of(cast.moderator)
    assert manager.get(path(one)).status_code == 404
    post(client_of(cast.group_moderator), one, "escalate", False, why=WHY)
    page = manager.get(path(one)).text
    assert "Besloten woorden." in page and WHY in page
    assert f"/discussions/{one.content_id}" not in page, "the group itself stays closed"
    assert "Binnen" in manager.get("/moderation?state=escalated").text
    assert manager.get(f"/discussions/{one.content_id}").status_code == 404
    assert moderator.get(path(one)).status_code == 404
    data = {"decision": "hide", "outcome": "Het is weg.", "reason": "Zo niet.", "rule": ""}
    assert post(manager, one, "close", False, **data).status_code == 303
    closed = db.session.get_one(Discussion, one.content_id)
    assert closed.hidden_at and one.state is CaseState.RESOLVED
    assert "Het is weg." in client_of(cast.group_owner).get(path(one)).text
    assert moderator.get(path(one)).status_code == 404


@both_ways
@pytest.mark.parametrize("step", STEPS)
def test_is_not_for_others(
    step: str, htmx: bool, cast: Cast, reported: Case, client_of: Clients
) -> None:
    data = {"note": "x", "why": "x", "outcome": "x", "decision": "upheld", "to": cast.manager.id}
    about_me = case(cast.moderator, cast.other)
    group, moderator = inside(cast), client_of(cast.moderator)
    assert post(client_of(cast.member), reported, step, htmx, **data).status_code in (403, 404)
    assert post(client_of(cast.group_owner), reported, step, htmx, **data).status_code == 404
    assert post(moderator, about_me, step, htmx, **data).status_code == 404
    assert post(moderator, group, step, htmx, **data).status_code == 404
    assert moderator.get(path(group)).status_code == 404
    assert post(client_of(None), reported, step, htmx, **data).status_code == 401
    assert not db.session.scalars(select(CaseEvent)).all()


def test_those_who_lead_the_group_handle_their_part(cast: Cast, client_of: Clients) -> None:
    one = inside(cast)
    leader = client_of(cast.group_moderator)
    page = leader.get(path(one)).text
    assert "Besloten woorden." in page and cast.group_owner.name in page
    assert cast.moderator.name not in page, "it can be handed to who leads the group only"
    data = {"decision": "dismissed", "outcome": "Het mag."}
    assert post(leader, one, "close", False, **data).status_code == 303
    assert one.state is CaseState.REJECTED


@both_ways
@pytest.mark.parametrize("step", [each for each in STEPS if each not in ("notes", "close")])
def test_a_closed_case_stays_as_it_is(
    step: str, htmx: bool, cast: Cast, piece: Discussion, client_of: Clients
) -> None:
    one = case(
        piece, cast.other, state=CaseState.REJECTED, outcome="Het mag blijven.", closed_at=now(),
        closed_by_id=cast.manager.id,
    )  # fmt: skip
    data = {"why": WHY, "to": cast.ambassador.id, "message": WHY}
    answer = post(client_of(cast.moderator), one, step, htmx, **data)
    assert answer.status_code == 409
    assert f"{cast.manager.name} heeft dit al afgehandeld: Het mag blijven." in answer.text
    assert one.state is CaseState.REJECTED and not steps(one)


def test_takes_as_many_statements_for_many(cast: Cast, reported: Case, client_of: Clients) -> None:
    client = client_of(cast.moderator)
    client.get(path(reported))
    with statements() as few:
        client.get(path(reported))
    for number in range(5):
        post(client, reported, "notes", False, note=f"Notitie {number}")
    with statements() as many:
        client.get(path(reported))
    assert len(few) == len(many)
