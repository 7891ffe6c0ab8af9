"""/crisis/<id>: notes, what was done, the end, and the report."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Crisis, CrisisNote, LogEntry, User
from app.services import moderation
from app.site import site
from bench.statements import statements
from tests.blueprints.crisis.crises import started
from tests.cast import Cast, case, discussion
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]


@pytest.fixture
def crisis(cast: Cast) -> Crisis:
    """Return a crisis that goes on."""
    return started(cast.manager)


@pytest.fixture
def manager(cast: Cast, client_of: ClientOf) -> CheckingClient:
    """Return a client of the manager."""
    return client_of(cast.manager)


@pytest.mark.parametrize("htmx, status", [(False, 303), (True, 200)])
def test_a_note_is_kept(crisis: Crisis, manager: CheckingClient, htmx: bool, status: int) -> None:
    path = f"/crisis/{crisis.id}"
    answer = manager.post(f"{path}/notes", data={"text": "Gebeld met <Joke>"}, htmx=htmx)
    assert answer.status_code == status
    page = answer.text if htmx else manager.get(path).text
    assert "Gebeld met &lt;Joke&gt;" in page and "Mina Manager" in page
    manager.post(f"{path}/notes", data={"text": "Gebeld met <Joke>"})
    assert len(db.session.scalars(select(CrisisNote)).all()) == 1


@pytest.mark.parametrize("htmx", [False, True])
def test_an_empty_note_is_refused(crisis: Crisis, manager: CheckingClient, htmx: bool) -> None:
    answer = manager.post(f"/crisis/{crisis.id}/notes", data={"text": " "}, htmx=htmx)
    assert answer.status_code == 422 and 'aria-invalid="true"' in answer.text
    long = manager.post(f"/crisis/{crisis.id}/notes", data={"text": "lang" * 400}, htmx=htmx)
    assert long.status_code == 422 and "langlang" in long.text


def test_what_was_done_and_reported_since_is_shown(
    cast: Cast, crisis: Crisis, manager: CheckingClient
) -> None:
    piece = discussion(cast.member, "Felle tekst")
    moderation.lock(piece, cast.moderator, "Even rust")
    db.session.commit()
    made = case(piece, cast.other)
    page = manager.get(f"/crisis/{crisis.id}").text
    assert "Felle tekst" in page and "Even rust" in page and "Mo Moderator" in page
    assert f"/moderation/cases/{made.id}" in page


def test_the_number_of_statements_does_not_grow(
    cast: Cast, crisis: Crisis, manager: CheckingClient
) -> None:
    path = f"/crisis/{crisis.id}"
    manager.get(path)
    with statements() as few:
        manager.get(path)
    for number in range(5):
        moderation.lock(discussion(cast.member), cast.moderator, "Rust")
        manager.post(f"{path}/notes", data={"text": f"Notitie {number}"})
    db.session.commit()
    manager.get(path)
    with statements() as many:
        manager.get(path)
    assert len(few) == len(many) <= 6


def test_it_ends_and_all_is_as_before(
    cast: Cast, crisis: Crisis, manager: CheckingClient, client_of: ClientOf
) -> None:
    answer = manager.post(f"/crisis/{crisis.id}/end")
    assert answer.status_code == 303 and answer.location.endswith(f"/crisis/{crisis.id}/report")
    assert "De crisis is voorbij" in manager.get(answer.location).text
    now_set = site()
    assert (now_set.crisis_mode, now_set.crisis_banner, now_set.crisis_theme) == ("", "", 0)
    assert "Er is brand geweest" not in client_of(cast.member).get("/").text
    manager.post(f"/crisis/{crisis.id}/end")
    assert "al beëindigd" in manager.get(answer.location).text
    ended = select(LogEntry).where(LogEntry.action == "crisis_ended")
    assert len(db.session.scalars(ended).all()) == 1
    assert "Beginnen" in manager.get("/crisis").text


@pytest.mark.parametrize("htmx, status", [(False, 303), (True, 204)])
def test_the_report_is_kept_with_the_notes(
    crisis: Crisis, manager: CheckingClient, htmx: bool, status: int
) -> None:
    path = f"/crisis/{crisis.id}"
    manager.post(f"{path}/notes", data={"text": "Bericht geplaatst"})
    manager.post(f"{path}/end")
    assert "nog geen verslag" in manager.get("/crisis").text
    wrong = manager.post(f"{path}/report", data={"report": " "}, htmx=htmx)
    assert wrong.status_code == 422
    answer = manager.post(f"{path}/report", data={"report": "Sneller bellen."}, htmx=htmx)
    assert answer.status_code == status
    page = manager.get(path).text
    assert "Sneller bellen." in page and "Bericht geplaatst" in page
    earlier = manager.get("/crisis").text
    assert "Er is brand geweest." in earlier and "nog geen verslag" not in earlier
    assert "Sneller bellen." in manager.get(f"{path}/report").text


def test_ending_when_there_is_none(cast: Cast, manager: CheckingClient) -> None:
    assert manager.post("/crisis/end").status_code == 303
    assert "al beëindigd" in manager.get("/crisis").text


PARTS = [("", "GET"), ("/notes", "POST"), ("/end", "POST"), ("/report", "GET"), ("/report", "POST")]


@pytest.mark.parametrize("part, way", PARTS)
def test_it_is_for_the_manager(
    cast: Cast, crisis: Crisis, client_of: ClientOf, part: str, way: str
) -> None:
    path = f"/crisis/{crisis.id}{part}"
    for user in (cast.member, cast.moderator, cast.administrator):
        assert client_of(user).open(path, method=way).status_code == 403
    assert client_of(None).open(path, method=way).status_code == (303 if way == "GET" else 401)
    gone = client_of(cast.manager).open(f"/crisis/999999{part}", method=way)
    assert gone.status_code == 404
