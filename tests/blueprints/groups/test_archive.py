"""/groups/<group>/archive, /revive and /lives: read only for all, and out again by its owners."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.models import Group, GroupKind, LogEntry, Notification, User
from app.services import group_life
from tests.blueprints.groups.test_requests import asked_by, news_of
from tests.cast import Cast, comment, discussion
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]
ARCHIVE = "/groups/groep-closed/archive"
WHY = {"reason": "Het project is klaar."}


@pytest.mark.parametrize("htmx", [True, False], ids=["htmx", "plain"])
def test_an_owner_archives_and_revives(htmx: bool, cast: Cast, client_of: Clients) -> None:
    piece = discussion(cast.insider, "Zo deden we het", group=cast.closed)
    comment(piece, cast.group_moderator)
    asked = asked_by(cast)
    owner, insider = client_of(cast.group_owner), client_of(cast.insider)
    assert owner.get(ARCHIVE).status_code == 200
    for _time in range(2):
        assert owner.post(ARCHIVE, data=WHY, htmx=htmx).location == "/groups/groep-closed"
    assert cast.closed.archived_at is not None
    assert news_of(cast.insider) == [("group_archived", WHY["reason"])]
    assert news_of(cast.member) == [("group_declined", WHY["reason"])]
    assert asked.answer == WHY["reason"]
    page = insider.get("/groups/groep-closed").text
    assert "Zo deden we het" in page and "staat in het archief" in page
    assert "/discussions/new?group=" not in page
    path = f"/discussions/{piece.id}-{piece.slug}"
    assert 'id="reply-form"' not in insider.get(path).text
    answer = insider.post(f"/content/{piece.id}/comments", data={"body": "Nog iets"})
    assert answer.status_code == 403
    assert cast.closed.name not in insider.get("/discussions/new").text
    assert cast.closed.name in insider.get("/groups").text.partition(">In het archief<")[2]
    owner.post("/groups/groep-closed/revive", htmx=htmx)
    db.session.refresh(cast.closed)
    revived: Group = cast.closed
    assert revived.archived_at is None and revived.checked_at is not None
    assert insider.post(f"/content/{piece.id}/comments", data={"body": "Hoi"}).status_code == 303
    rows = [
        (r.action, r.reason) for r in db.session.scalars(select(LogEntry).order_by(LogEntry.id))
    ]
    assert rows == [("group_archived", WHY["reason"]), ("group_revived", "")]


@pytest.mark.parametrize("reason", ["", " ", "a" * 1001])
def test_archiving_takes_a_reason(reason: str, cast: Cast, client_of: Clients) -> None:
    answer = client_of(cast.group_owner).post(ARCHIVE, data={"reason": reason})
    assert answer.status_code == 422 and cast.closed.archived_at is None


def test_nobody_joins_an_archived_group(cast: Cast, client_of: Clients) -> None:
    cast.open.archived_at = now()
    db.session.commit()
    client = client_of(cast.member)
    assert client.post("/groups/groep-open/join").status_code == 403
    assert 'action="/groups/groep-open/join"' not in client.get("/groups/groep-open").text


def silent(group: Group) -> None:
    """Let the owners of a group have been asked long ago."""
    group.check_asked_at = now() - timedelta(days=31)
    db.session.commit()


@pytest.mark.parametrize("htmx", [True, False], ids=["htmx", "plain"])
def test_an_owner_says_that_it_lives(htmx: bool, cast: Cast, client_of: Clients) -> None:
    silent(cast.closed)
    owner, insider = client_of(cast.group_owner), client_of(cast.insider)
    assert "Ja, deze groep leeft" in owner.get("/groups/groep-closed").text
    assert "Ja, deze groep leeft" not in insider.get("/groups/groep-closed").text
    assert owner.post("/groups/groep-closed/lives", htmx=htmx).status_code == 303
    assert cast.closed.check_asked_at is None and cast.closed.checked_at is not None
    assert "Ja, deze groep leeft" not in owner.get("/groups/groep-closed").text
    assert insider.post("/groups/groep-closed/lives").status_code == 403


def test_the_manager_sees_groups_that_may_not_live(cast: Cast, client_of: Clients) -> None:
    silent(cast.closed)
    silent(cast.hidden)
    client = client_of(cast.manager)
    assert "2" in client.get("/").text.partition("leven misschien niet meer")[0][-80:]
    page = client.get("/groups").text
    assert cast.closed.name in page and "1 verborgen groep" in page
    assert cast.hidden.name not in page
    other = client_of(cast.moderator)
    assert "1 verborgen groep" not in other.get("/groups").text
    assert "leven misschien niet meer" not in other.get("/").text
    assert client.post(ARCHIVE, data=WHY).status_code == 303, "nobody answered in time"
    assert cast.closed.archived_at is not None
    assert client.post("/groups/groep-closed/revive").status_code == 403
    assert client.post("/groups/groep-hidden/archive", data=WHY).status_code == 404


def test_the_manager_waits_for_the_owners(cast: Cast, client_of: Clients) -> None:
    cast.closed.check_asked_at = now() - timedelta(days=29)
    db.session.commit()
    client = client_of(cast.manager)
    assert client.post(ARCHIVE, data=WHY).status_code == 403
    assert "Leven deze groepen nog?" not in client.get("/groups").text


def test_only_owners_archive_and_revive(cast: Cast, client_of: Clients) -> None:
    for name in ("member", "insider", "group_moderator", "administrator"):
        client = client_of(getattr(cast, name))
        for url in (ARCHIVE, "/groups/groep-closed/revive"):
            assert client.post(url, data=WHY).status_code == 403, (name, url)
    visitor = client_of(None)
    assert visitor.post(ARCHIVE, data=WHY).status_code == 401
    assert visitor.get(ARCHIVE).status_code == 303


def test_a_manager_hears_of_an_empty_hidden_group_without_its_name(
    cast: Cast, client_of: Clients
) -> None:
    group_life.end_of_empty(cast.hidden, None)
    db.session.commit()
    assert news_of(cast.manager) == [("group_archived", "")]
    client = client_of(cast.manager)
    page = client.get("/notifications").text
    assert "er zit niemand meer in" in page and cast.hidden.name not in page
    key = db.session.scalars(select(Notification.id)).one()
    assert client.post(f"/notifications/{key}/open").location == "/groups"


# The group for help


@pytest.mark.parametrize("htmx", [True, False], ids=["htmx", "plain"])
def test_the_manager_makes_the_group_for_help(htmx: bool, cast: Cast, client_of: Clients) -> None:
    client = client_of(cast.manager)
    assert "Maak de hulpgroep" in client.get("/groups").text
    assert client.post("/groups/support", htmx=htmx).location == "/groups/vraag-en-hulp"
    group = db.session.scalars(select(Group).where(Group.is_support)).one()
    assert group.kind is GroupKind.OPEN and "**Mijn vraag**" in group.question_text
    assert "Maak de hulpgroep" not in client.get("/groups").text
    assert client.post("/groups/support").location == "/groups"
    assert len(db.session.scalars(select(Group).where(Group.is_support)).all()) == 1
    assert "Je bent de enige eigenaar" in client.get("/groups/vraag-en-hulp").text
    assert "**Mijn vraag**" in client.get("/discussions/new?group=vraag-en-hulp").text
    assert "/groups/vraag-en-hulp" in client.get("/help-requests/new").text


def test_only_the_manager_makes_the_group_for_help(cast: Cast, client_of: Clients) -> None:
    for name in ("member", "administrator", "moderator"):
        client = client_of(getattr(cast, name))
        assert client.post("/groups/support").status_code == 403
        assert "Maak de hulpgroep" not in client.get("/groups").text
    assert client_of(None).post("/groups/support").status_code == 401


def test_questions_are_listed_by_whether_they_have_an_answer(
    cast: Cast, client_of: Clients
) -> None:
    cast.open.is_support = True
    waiting = discussion(cast.insider, "Wie weet dit", group=cast.open)
    comment(waiting, cast.other)
    done = discussion(cast.insider, "Dit is gelukt", group=cast.open)
    done.answer_id = comment(done, cast.other).id
    discussion(cast.insider, "Even bijpraten", group=cast.open, is_question=False)
    db.session.commit()
    client = client_of(cast.member)
    for view, shown in (
        ("", {"Wie weet dit", "Dit is gelukt", "Even bijpraten"}),
        ("unanswered", {"Wie weet dit"}), ("answered", {"Dit is gelukt"}),
    ):  # fmt: skip
        page = client.get("/groups/groep-open", query_string={"view": view}).text
        for title in ("Wie weet dit", "Dit is gelukt", "Even bijpraten"):
            assert (title in page) is (title in shown), (view, title)
    assert client.get("/groups/groep-open?view=niets").status_code == 404
    assert client.get("/groups/groep-closed?view=answered").status_code == 404
