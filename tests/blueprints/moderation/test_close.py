"""Closing a case: once, together, in decent words to who reported and who wrote."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import (
    Attachment,
    Case,
    CaseState,
    Content,
    Decision,
    Discussion,
    LogEntry,
    Notification,
    OutgoingMail,
    Report,
    User,
)
from tests.cast import Cast, case, comment, discussion, document
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]
both_ways = pytest.mark.parametrize("htmx", [True, False], ids=["htmx", "plain"])
OUTCOME = "Dank je, we hebben ernaar gekeken."
RULE = "2. Bespreek het werk, niet de persoon"


@pytest.fixture
def piece(cast: Cast) -> Discussion:
    return discussion(cast.member, "Een scherpe vraag", "Dit is wel erg scherp gesteld.")


def close(client: CheckingClient, one: Case, **data: Any) -> Any:
    htmx = data.pop("htmx", False)
    return client.post(f"/moderation/cases/{one.id}/close", data={"rule": ""} | data, htmx=htmx)


@both_ways
def test_hides_and_answers_all_who_reported(
    htmx: bool, cast: Cast, piece: Discussion, client_of: Clients
) -> None:
    one = case(piece, cast.other)
    db.session.add(Report(case_id=one.id, reporter_id=cast.blogger.id, reason=RULE, note=""))
    db.session.commit()
    answer = close(
        client_of(cast.moderator), one, decision="hide", outcome=OUTCOME, rule=RULE,
        reason="Te scherp van toon", htmx=htmx,
    )  # fmt: skip
    assert answer.status_code == (200 if htmx else 303)
    if htmx:
        assert 'id="case"' in answer.text and OUTCOME in answer.text
    assert piece.hidden_at and piece.hidden_reason == f"{RULE}: Te scherp van toon"
    assert (one.state, one.outcome, one.rule) == (CaseState.RESOLVED, OUTCOME, RULE)
    assert one.closed_by_id == cast.moderator.id and one.closed_at and one.first_look_at
    rows = db.session.scalars(select(LogEntry).order_by(LogEntry.id)).all()
    assert [row.action for row in rows] == ["hidden", "report_upheld"]
    decided = db.session.scalars(select(Decision)).one()
    assert (decided.rule, decided.case_id, decided.reason) == (RULE, one.id, "Te scherp van toon")
    told = {n.user_id: (n.verb, n.message) for n in db.session.scalars(select(Notification))}
    assert told == {
        cast.member.id: ("hidden", f"{RULE}: Te scherp van toon"),
        cast.other.id: ("report_upheld", OUTCOME),
        cast.blogger.id: ("report_upheld", OUTCOME),
    }
    mails = {mail.recipient: mail.body for mail in db.session.scalars(select(OutgoingMail))}
    assert set(mails) == {cast.member.email, cast.other.email, cast.blogger.email}
    assert OUTCOME in mails[cast.other.email]
    mine = mails[cast.member.email]
    assert RULE in mine and f"/decisions/{decided.id}" in mine
    assert not any(name in mine for name in (cast.other.name, OUTCOME))


@both_ways
@pytest.mark.parametrize("decision", ["upheld", "dismissed"])
def test_closes_without_hiding(
    decision: str, htmx: bool, cast: Cast, piece: Discussion, client_of: Clients
) -> None:
    state = CaseState.RESOLVED if decision == "upheld" else CaseState.REJECTED
    reply = comment(piece, cast.member, "Dat is onzin")
    one = case(reply, cast.other)
    close(client_of(cast.moderator), one, decision=decision, outcome=OUTCOME, htmx=htmx)
    assert one.state is state and reply.hidden_at is None
    assert db.session.scalars(select(LogEntry)).one().action == f"report_{decision}"
    assert db.session.scalars(select(Notification)).one().user_id == cast.other.id
    assert not db.session.scalars(select(Decision)).all()


@both_ways
def test_what_someone_just_closed_stays_as_it_is(
    htmx: bool, cast: Cast, piece: Discussion, client_of: Clients
) -> None:
    one = case(piece, cast.other)
    close(client_of(cast.moderator), one, decision="dismissed", outcome="Het mag blijven")
    answer = close(
        client_of(cast.manager), one, decision="hide", outcome="Weg", reason="Weg", htmx=htmx
    )
    assert answer.status_code == 409
    assert f"{cast.moderator.name} heeft dit al afgehandeld: Het mag blijven" in answer.text
    assert one.state is CaseState.REJECTED and piece.hidden_at is None
    assert len(db.session.scalars(select(LogEntry)).all()) == 1


@both_ways
@pytest.mark.parametrize(
    "data",
    [
        {"outcome": OUTCOME}, {"decision": "upheld", "outcome": " "},
        {"decision": "verzonnen", "outcome": OUTCOME}, {"decision": "hide", "outcome": OUTCOME},
        {"decision": "upheld", "outcome": OUTCOME, "rule": "99. Verzonnen"},
    ],
)  # fmt: skip
def test_asks_what_is_missing_and_keeps_input(
    data: dict[str, str], htmx: bool, cast: Cast, piece: Discussion, client_of: Clients
) -> None:
    one = case(piece, cast.other)
    answer = close(client_of(cast.moderator), one, htmx=htmx, **data)
    assert answer.status_code == 422
    assert data["outcome"] in answer.text and one.state is CaseState.OPEN


@both_ways
def test_removes_a_document(htmx: bool, cast: Cast, piece: Discussion, client_of: Clients) -> None:
    added = document(piece, cast.member, title="Een lijst")
    one = case(added, cast.other)
    client = client_of(cast.moderator)
    assert "verwijder het document nu" in client.get(f"/moderation/cases/{one.id}").text
    data = {"decision": "hide", "outcome": OUTCOME, "reason": "Er staan namen in", "rule": RULE}
    close(client, one, htmx=htmx, **data)
    assert db.session.get_one(Attachment, added.id).removed_at and one.state is CaseState.RESOLVED
    told = {n.user_id: n.verb for n in db.session.scalars(select(Notification))}
    assert told == {cast.member.id: "attachment_removed", cast.other.id: "report_upheld"}


def test_a_profile_cannot_be_hidden(cast: Cast, client_of: Clients) -> None:
    one = case(cast.member, cast.other)
    data = {"decision": "hide", "outcome": OUTCOME, "reason": "Weg"}
    assert close(client_of(cast.moderator), one, **data).status_code == 422
    assert one.state is CaseState.OPEN


def test_those_who_left_the_group_hear_nothing_of_it(cast: Cast, client_of: Clients) -> None:
    closed: Content = discussion(cast.group_owner, "Binnenskamers", group=cast.closed)
    one = case(closed, cast.member)
    close(client_of(cast.group_moderator), one, decision="dismissed", outcome=OUTCOME)
    assert one.state is CaseState.REJECTED
    assert not db.session.scalars(select(Notification)).all()
    assert not db.session.scalars(select(OutgoingMail)).all()
