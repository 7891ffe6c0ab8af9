"""The log: who did what and why; as far as its reader may see, and never changed."""

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from app.extensions import db
from app.models import LogEntry, User
from tests.cast import Cast, discussion
from tests.checking import CheckingClient
from tests.statements import statements

Clients = Callable[[User | None], CheckingClient]


def entry(label: str, **values: object) -> LogEntry:
    """Add a row as a measure would."""
    given: dict[str, object] = {
        "action": "hidden", "actor_name": "Mo Moderator", "subject_kind": "discussion",
        "subject_id": 1, "subject_label": label, "reason": "Zomaar",
    }  # fmt: skip
    made = LogEntry(**{**given, **values})
    db.session.add(made)
    db.session.commit()
    return made


def test_shows_what_its_reader_may_see(cast: Cast, client_of: Clients) -> None:
    entry("In de community")
    for group in (cast.open, cast.closed, cast.hidden):
        entry(f"Binnen {group.kind}", group_id=group.id)
    shown = {
        "moderator": {"In de community", "Binnen open"},
        "ambassador": {"In de community", "Binnen open"},
        "manager": {"In de community", "Binnen open"},
        "group_moderator": {"Binnen closed"},
        "group_owner": {"Binnen closed"},
    }
    for name, expected in shown.items():
        client = client_of(getattr(cast, name))
        for path in ("/moderation/log", "/moderation/log.csv", "/moderation/log?q=Binnen+closed"):
            body = client.get(path).get_data(as_text=True)
            found = {each.subject_label for each in entries() if f"{each.subject_label}<" in body}
            if path.endswith(".csv"):
                found = {each.subject_label for each in entries() if each.subject_label in body}
            expected_here = expected & {"Binnen closed"} if "?" in path else expected
            assert found == expected_here, (name, path)


def entries() -> list[LogEntry]:
    return list(db.session.scalars(select(LogEntry)))


@pytest.mark.parametrize("path", ["/moderation/log", "/moderation/log.csv"])
def test_is_not_for_others(path: str, cast: Cast, client_of: Clients) -> None:
    for user in (cast.member, cast.administrator, cast.insider, cast.specialist):
        assert client_of(user).get(path).status_code == 403
    assert client_of(None).get(path).status_code == 303


def test_what_people_did_with_their_own_account_stays_private(
    cast: Cast, client_of: Clients
) -> None:
    entry("Lotte Lid", action="password_changed", subject_kind="user", address="10.1.2.3")
    entry("Verborgen vraag", address="10.1.2.4")
    page = client_of(cast.moderator).get("/moderation/log").text
    assert "Lotte Lid" not in page and "10.1.2." not in page and "Verborgen vraag" in page


@pytest.mark.parametrize(
    "query",
    [
        "action=locked", "kind=wiki", "actor=mina", "q=bijzonder", "q=uit%25e",
        "since=2026-03-02&until=2026-03-02",
    ],
)  # fmt: skip
def test_filters(query: str, cast: Cast, client_of: Clients) -> None:
    wanted = entry(
        "Gezochte pagina", action="locked", subject_kind="wiki", actor_name="Mina Manager",
        reason="Heel bijzonder, uit%elkaar", at=datetime(2026, 3, 1, 23, 30, tzinfo=UTC),
    )  # fmt: skip
    entry("Andere pagina", at=datetime(2026, 3, 1, 22, 30, tzinfo=UTC), reason="uit elkaar")
    client = client_of(cast.moderator)
    page = client.get(f"/moderation/log?{query}").text
    assert wanted.subject_label in page and "Andere pagina" not in page
    table = client.get(f"/moderation/log.csv?{query}").get_data(as_text=True)
    assert wanted.subject_label in table and "Andere pagina" not in table


def test_odd_questions_get_an_answer(cast: Cast, client_of: Clients) -> None:
    client = client_of(cast.moderator)
    assert client.get("/moderation/log?since=gisteren").status_code == 422
    assert client.get("/moderation/log?action=verzonnen&kind=x").status_code == 200
    assert client.get("/moderation/log?action=%00&kind=%00&actor=%00&q=%00").status_code == 200
    assert client.get("/moderation/log?after=onzin").status_code == 404
    assert client.get("/moderation/log?endpoint=x&_external=1&page=-1").status_code == 200


def test_goes_on_at_any_depth(cast: Cast, client_of: Clients) -> None:
    for number in range(1, 122):
        db.session.add(
            LogEntry(
                action="hidden", actor_name="Mo", subject_kind="wiki", subject_label=f"Nr{number}."
            )
        )
    db.session.commit()
    client = client_of(cast.moderator)
    seen: list[int] = []
    url: str | None = "/moderation/log?actor=Mo"
    pages = 0
    while url:
        page = client.get(url).text
        seen += [n for n in range(121, 0, -1) if f"Nr{n}." in page]
        url = link(page, "next")
        pages += 1
        if pages == 2:
            back = link(page, "prev")
            assert back and "Nr121." in client.get(back).text
    assert seen == list(range(121, 0, -1)) and pages == 3


def link(page: str, rel: str) -> str | None:
    """Return the address of the link to another page."""
    _before, found, rest = page.partition(f'rel="{rel}" href="')
    return rest.split('"')[0].replace("&amp;", "&") if found else None


def test_the_table_carries_no_formulas(cast: Cast, client_of: Clients) -> None:
    payloads = [
        "=1+1",
        "+31",
        "-2",
        "@SUM(A1)",
        "\t=1",
        '=HYPERLINK("http://x";"y")',
        "|cmd",
        "＝1",
    ]
    for payload in payloads:
        entry(payload, reason=payload, result=payload, actor_name=payload, action=payload[:30],
              subject_kind=payload[:20])  # fmt: skip
    response = client_of(cast.moderator).get("/moderation/log.csv")
    assert response.mimetype == "text/csv"
    assert response.headers["Content-Disposition"].startswith("attachment; filename=")
    content = response.get_data(as_text=True)
    rows = list(csv.reader(StringIO(content.removeprefix("\ufeff")), delimiter=";"))
    assert len(rows) == len(payloads) + 1
    assert rows[0][:3] == ["Wanneer", "Door wie", "Actie"]
    for row in rows[1:]:
        assert all(cell.startswith("'") for cell in row[1:]), row


def test_takes_as_many_statements_for_many(cast: Cast, client_of: Clients) -> None:
    client = client_of(cast.moderator)
    client.get("/moderation/log")
    entry("Een")
    with statements() as few:
        client.get("/moderation/log")
    for number in range(20):
        entry(f"Rij {number}", subject_kind="user")
    with statements() as many:
        client.get("/moderation/log")
    assert len(few) == len(many)


@pytest.mark.parametrize(
    "change", ["UPDATE log_entries SET reason = 'x'", "DELETE FROM log_entries"]
)
def test_rows_cannot_be_changed(change: str, cast: Cast, client_of: Clients) -> None:
    piece = discussion(cast.member)
    client_of(cast.moderator).post(f"/content/{piece.id}/hide", data={"reason": "Blijft staan"})
    with pytest.raises(DatabaseError, match="the log cannot be changed"):
        db.session.execute(text(change))
    db.session.rollback()
    assert db.session.scalars(select(LogEntry)).one().reason == "Blijft staan"
