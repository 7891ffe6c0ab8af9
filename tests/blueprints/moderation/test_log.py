"""The log: who did what and why; as far as its reader may see, and never changed."""

import csv
import re
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from app.extensions import Kring, db
from app.models import LogEntry, User
from app.services.activity import NOT_LOGGED, Verb
from app.services.log_words import ACTIONS
from bench.statements import statements
from tests.cast import Cast, comment, discussion
from tests.checking import CheckingClient

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


def test_finds_what_was_done_by_and_to_a_person(cast: Cast, client_of: Clients) -> None:
    piece = discussion(cast.member, "Stuk van Lotte")
    reply = comment(discussion(cast.other, "Stuk van Otto"), cast.member)
    entry("Haar stuk", subject_id=piece.id)
    entry("Haar reactie", subject_kind="comment", subject_id=reply.id)
    entry("Over haar", subject_kind="user", subject_id=cast.member.id)
    entry("Door haar", actor_id=cast.member.id, subject_id=0)
    entry("Stuk van een ander", subject_id=reply.content_id)
    entry("Een ander met dat nummer", subject_kind="wiki", subject_id=0)
    client = client_of(cast.moderator)
    hers = ("Haar stuk", "Haar reactie", "Over haar", "Door haar")
    for name in ("Lotte Lid", "lotte lid", "lotte-lid", "@lotte-lid"):
        page = client.get("/moderation/log", query_string={"person": name}).text
        assert all(label in page for label in hers)
        assert "Stuk van een ander" not in page and "met dat nummer" not in page
    page = client.get("/moderation/log?person=Lotte").text
    assert not any(label in page for label in hers), "a name in full, so that it is one person"


def test_filters_by_group(cast: Cast, client_of: Clients) -> None:
    entry("Open rij", group_id=cast.open.id)
    entry("Besloten rij", group_id=cast.closed.id)
    entry("Rij zonder groep")
    client = client_of(cast.moderator)
    page = client.get("/moderation/log").text
    assert 'value="groep-open"' in page and "groep-closed" not in page
    assert 'href="/groups/groep-open"' in page
    found = client.get("/moderation/log?group=groep-open").text
    assert "Open rij" in found and "Rij zonder groep" not in found
    assert "Besloten rij" not in client.get("/moderation/log?group=groep-closed").text
    owner = client_of(cast.group_owner)
    assert "Besloten rij" in owner.get("/moderation/log?group=groep-closed").text
    assert "groep-open" not in owner.get("/moderation/log").text


def test_every_deed_and_subject_has_a_name() -> None:
    private = {Verb.PASSWORD_CHANGED, Verb.SETTING_CHANGED}
    assert set(Verb) - NOT_LOGGED - private <= {Verb(action) for action in ACTIONS}


def test_no_route_changes_it(app: Kring) -> None:
    """What is written in the log stays: there is no address for anything else than reading."""
    about_log = [rule for rule in app.url_map.iter_rules() if "log" in rule.rule.split("/")]
    assert {rule.endpoint for rule in about_log} >= {"moderation.log", "settings.log"}
    for rule in about_log:
        assert rule.methods == {"GET", "HEAD", "OPTIONS"}, rule
    changes = re.compile(r"(delete|update)\(LogEntry|session\.delete\(.*log", re.IGNORECASE)
    for path in (Path(app.root_path)).rglob("*.py"):
        assert not changes.search(path.read_text()), path


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
    assert len(few) == len(many) == 3, "\n\n".join(many)


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
