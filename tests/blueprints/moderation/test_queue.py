"""Reports: filed once, settled once, together, in decent words."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import (
    Comment,
    Content,
    Discussion,
    LogEntry,
    Notification,
    OutgoingMail,
    Report,
    ReportReason,
    ReportState,
    User,
)
from app.policy import Ability, can
from app.queries.moderation import open_cases
from tests.cast import Cast, comment, discussion
from tests.checking import CheckingClient
from tests.statements import statements

Clients = Callable[[User | None], CheckingClient]
both_ways = pytest.mark.parametrize("htmx", [True, False], ids=["htmx", "plain"])
OUTCOME = "Dank je, we hebben ernaar gekeken."


@pytest.fixture
def piece(cast: Cast) -> Discussion:
    return discussion(cast.member, "Een scherpe vraag", "Dit is wel erg scherp gesteld.")


def report(subject: Content | Comment, reporter: User, note: str = "") -> Report:
    """Add an open report."""
    is_reply = isinstance(subject, Comment)
    made = Report(
        content_id=None if is_reply else subject.id, comment_id=subject.id if is_reply else None,
        reporter_id=reporter.id, reason=ReportReason.DISRESPECTFUL, note=note,
    )  # fmt: skip
    db.session.add(made)
    db.session.commit()
    return made


def settle(client: CheckingClient, subject: Content | Comment, **data: Any) -> Any:
    kind = "comments" if isinstance(subject, Comment) else "content"
    htmx = data.pop("htmx", False)
    return client.post(f"/{kind}/{subject.id}/reports", data=data, htmx=htmx)


@both_ways
def test_hides_and_answers_all_who_reported(
    htmx: bool, cast: Cast, piece: Discussion, client_of: Clients
) -> None:
    first, second = report(piece, cast.other), report(piece, cast.blogger)
    response = settle(
        client_of(cast.moderator), piece, decision="hide", outcome=OUTCOME,
        reason="Te scherp van toon", htmx=htmx,
    )  # fmt: skip
    assert response.status_code == (200 if htmx else 303)
    if htmx:
        assert f'id="case-content-{piece.id}"' in response.text
    assert piece.hidden_at and piece.hidden_reason == "Te scherp van toon"
    for each in (first, second):
        assert (each.state, each.outcome) == (ReportState.UPHELD, OUTCOME)
        assert each.handled_by_id == cast.moderator.id and each.handled_at
    rows = db.session.scalars(select(LogEntry).order_by(LogEntry.id)).all()
    assert [row.action for row in rows] == ["hidden", "report_upheld"]
    told = {n.user_id: (n.verb, n.message) for n in db.session.scalars(select(Notification))}
    assert told == {
        cast.member.id: ("hidden", "Te scherp van toon"),
        cast.other.id: ("report_upheld", OUTCOME),
        cast.blogger.id: ("report_upheld", OUTCOME),
    }
    mails = {mail.recipient: mail.body for mail in db.session.scalars(select(OutgoingMail))}
    assert set(mails) == {cast.member.email, cast.other.email, cast.blogger.email}
    assert OUTCOME in mails[cast.other.email]
    assert not any(name in mails[cast.member.email] for name in (cast.other.name, OUTCOME))


@both_ways
@pytest.mark.parametrize("decision", ["upheld", "dismissed"])
def test_settles_without_hiding(
    decision: str, htmx: bool, cast: Cast, piece: Discussion, client_of: Clients
) -> None:
    reply = comment(piece, cast.member, "Dat is onzin")
    made = report(reply, cast.other)
    settle(client_of(cast.moderator), reply, decision=decision, outcome=OUTCOME, htmx=htmx)
    assert made.state == decision and reply.hidden_at is None
    assert db.session.scalars(select(LogEntry)).one().action == f"report_{decision}"
    assert db.session.scalars(select(Notification)).one().user_id == cast.other.id


@both_ways
def test_what_someone_just_handled_stays_as_it_is(
    htmx: bool, cast: Cast, piece: Discussion, client_of: Clients
) -> None:
    made = report(piece, cast.other)
    settle(client_of(cast.moderator), piece, decision="dismissed", outcome="Het mag blijven")
    response = settle(
        client_of(cast.manager), piece, decision="hide", outcome="Weg", reason="Weg", htmx=htmx
    )
    assert response.status_code == 409
    assert cast.moderator.name in response.text and "Het mag blijven" in response.text
    assert made.state is ReportState.DISMISSED and piece.hidden_at is None
    assert len(db.session.scalars(select(LogEntry)).all()) == 1


@both_ways
@pytest.mark.parametrize(
    "data",
    [
        {"outcome": OUTCOME}, {"decision": "upheld", "outcome": " "},
        {"decision": "verzonnen", "outcome": OUTCOME}, {"decision": "hide", "outcome": OUTCOME},
    ],
)  # fmt: skip
def test_asks_what_is_missing_and_keeps_input(
    data: dict[str, str], htmx: bool, cast: Cast, piece: Discussion, client_of: Clients
) -> None:
    made = report(piece, cast.other)
    response = settle(client_of(cast.moderator), piece, htmx=htmx, **data)
    assert response.status_code == 422
    assert data["outcome"] in response.text and made.state is ReportState.OPEN


def test_the_form_has_a_page(cast: Cast, piece: Discussion, client_of: Clients) -> None:
    client = client_of(cast.moderator)
    assert client.get(f"/content/{piece.id}/reports").status_code == 404
    report(piece, cast.other, "Zo praten we niet")
    assert "Zo praten we niet" in client.get(f"/content/{piece.id}/reports").text


@both_ways
def test_is_not_for_others(htmx: bool, cast: Cast, piece: Discussion, client_of: Clients) -> None:
    made = report(piece, cast.other)
    own = discussion(cast.moderator)
    report(own, cast.other)
    closed = discussion(cast.insider, group=cast.closed)
    report(closed, cast.group_owner)
    data = {"decision": "dismissed", "outcome": OUTCOME, "htmx": htmx}
    member, moderator = client_of(cast.member), client_of(cast.moderator)
    assert settle(member, piece, **data).status_code == 403
    assert settle(moderator, own, **data).status_code == 403
    assert settle(moderator, closed, **data).status_code == 404
    assert settle(client_of(None), piece, **data).status_code == 401
    assert made.state is ReportState.OPEN
    assert member.get("/moderation").status_code == 403
    assert client_of(None).get("/moderation").status_code == 303


def test_the_queue_shows_what_its_reader_may_handle(
    cast: Cast, piece: Discussion, client_of: Clients
) -> None:
    reply = comment(piece, cast.other, "Een lelijk woord")
    report(reply, cast.member, "Toelichting erbij")
    report(piece, cast.other)
    own = discussion(cast.moderator, "Door de moderator zelf")
    report(own, cast.other)
    closed = discussion(cast.insider, "Binnen gesloten deuren", group=cast.closed)
    report(closed, cast.group_owner)
    page = client_of(cast.moderator).get("/moderation").text
    assert "Een lelijk woord" in page and "Toelichting erbij" in page and piece.title in page
    assert page.index("Een lelijk woord") < page.index("Dit is wel erg scherp"), "oldest first"
    assert own.title not in page and closed.title not in page
    leader = client_of(cast.group_moderator).get("/moderation").text
    assert closed.title in leader and piece.title not in leader


def test_the_queue_is_the_twin_of_the_policy(cast: Cast) -> None:
    subjects: list[Content | Comment] = []
    for author in (cast.member, cast.insider, cast.moderator, cast.group_moderator):
        for group in (None, cast.open, cast.closed, cast.hidden):
            asked = discussion(author, group=group)
            subjects += [asked, comment(asked, cast.other), comment(asked, cast.manager)]
    for subject in subjects:
        report(subject, cast.blogger)
    for name in ("member", "moderator", "manager", "group_moderator", "group_owner", "insider"):
        user = getattr(cast, name)
        found = {(case.kind, case.subject.id) for case in open_cases(user)}
        allowed = {
            ("comment" if isinstance(s, Comment) else "content", s.id)
            for s in subjects
            if can(user, Ability.HANDLE_REPORTS, s)
        }
        assert found == allowed, name


def test_handled_reports_are_kept(cast: Cast, piece: Discussion, client_of: Clients) -> None:
    client = client_of(cast.moderator)
    report(piece, cast.other)
    settle(client, piece, decision="dismissed", outcome=OUTCOME)
    page = client.get("/moderation?state=handled").text
    assert OUTCOME in page and piece.title in page
    assert piece.title not in client.get("/moderation").text
    assert client.get("/moderation?state=handled&after=onzin").status_code == 404


def test_those_who_left_the_group_hear_nothing_of_it(cast: Cast, client_of: Clients) -> None:
    closed = discussion(cast.group_owner, "Binnenskamers", group=cast.closed)
    report(closed, cast.member)
    settle(client_of(cast.group_moderator), closed, decision="dismissed", outcome=OUTCOME)
    assert not db.session.scalars(select(Notification)).all()
    assert not db.session.scalars(select(OutgoingMail)).all()


@pytest.mark.parametrize("path", ["/moderation", "/moderation?state=handled"])
def test_takes_as_many_statements_for_many(path: str, cast: Cast, client_of: Clients) -> None:
    client = client_of(cast.moderator)
    client.get(path)
    assert counted(client, path, 1, cast) == counted(client, path, 6, cast)


def counted(client: CheckingClient, path: str, many: int, cast: Cast) -> int:
    """Count the statements of a page that shows `many` more reports, open and handled."""
    for _each in range(many):
        asked = discussion(cast.member, theme=cast.theme)
        report(asked, cast.other)
        waiting = report(comment(asked, cast.other), cast.blogger)
        done = report(comment(asked, cast.member), cast.blogger)
        done.state, done.handled_by_id = ReportState.UPHELD, cast.manager.id
        done.handled_at = waiting.created_at
    db.session.commit()
    with statements() as made:
        assert client.get(path).status_code == 200
    return len(made)
