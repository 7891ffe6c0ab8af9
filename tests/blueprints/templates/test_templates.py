"""Texts to begin with: /templates, and choosing one or a copy for a new piece."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.lib.markdown import render
from app.models import LogEntry, Template, User
from app.queries import templates as queries
from app.services import themes
from app.services.activity import Verb
from tests import settings
from tests.cast import Cast, discussion, wiki_page
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
HTMX = pytest.mark.parametrize("htmx", [False, True])
DEEDS = ("move", "archive", "restore", "reset", "edit")


def rows() -> list[Template]:
    db.session.expire_all()
    return list(db.session.scalars(select(Template).order_by(Template.position, Template.id)))


def names(folder: str = "wikis") -> list[str]:
    db.session.expire_all()
    return [each.name for each in queries.offered(folder)]


def logged() -> list[str]:
    changed = LogEntry.action == Verb.TEMPLATE_CHANGED.value
    return list(db.session.scalars(select(LogEntry.result).where(changed).order_by(LogEntry.id)))


@pytest.fixture
def manager(cast: Cast, client_of: ClientOf) -> CheckingClient:
    return client_of(cast.manager)


@pytest.mark.parametrize("key", queries.KEYS)
def test_what_ships_is_ready(key: str) -> None:
    text = queries.shipped()[key]
    assert text.folder in queries.ROOMS and text.name and text.description and text.body
    assert len(text.name) <= 120 and len(text.description) <= 300
    assert "<" in render(text.body).html


def test_the_manager_sees_them_by_room(manager: CheckingClient) -> None:
    page = manager.get("/templates").text
    assert page.index("Wikipagina") < page.index("Protocol") < page.index("Vraag met context")
    assert manager.get("/settings/templates").location == "/templates"


@pytest.mark.parametrize(
    "who", ["member", "specialist", "moderator", "ambassador", "administrator"]
)
def test_others_may_not(cast: Cast, client_of: ClientOf, who: str) -> None:
    client = client_of(getattr(cast, who))
    for path in ("/templates", "/templates/new", "/templates/protocol/edit"):
        assert client.get(path).status_code == 403
    for deed in DEEDS:
        assert client.post(f"/templates/protocol/{deed}").status_code == 403
    assert rows() == []


def test_a_visitor_signs_in_first(cast: Cast, client_of: ClientOf) -> None:
    assert client_of(None).get("/templates").status_code == 303


@pytest.mark.parametrize("key", ["nergens", "999999999", "1"])
def test_one_that_there_is_not(manager: CheckingClient, key: str) -> None:
    assert manager.get(f"/templates/{key}/edit").status_code == 404
    for deed in DEEDS:
        assert manager.post(f"/templates/{key}/{deed}").status_code == 404


@HTMX
def test_a_new_text_comes_last_and_is_offered(
    cast: Cast, manager: CheckingClient, client_of: ClientOf, *, htmx: bool
) -> None:
    given = {"folder": "wikis", "name": "Checklist", "description": "", "body": "- [ ] eerst",
             "theme_id": str(cast.theme.id)}  # fmt: skip
    assert manager.post("/templates/new", data=given, htmx=htmx).status_code == (
        204 if htmx else 303
    )
    (row,) = rows()
    assert names()[-1] == "Checklist" and logged() == ["added"]
    writer = client_of(cast.specialist)
    mine = writer.get("/wikis/new?theme=schuldhulp").text
    assert f"template={row.id}" in mine
    theirs = client_of(cast.other_specialist).get("/wikis/new?theme=wonen").text
    assert "Protocol" in theirs and "Checklist" not in theirs
    page = writer.get(f"/wikis/new?theme=schuldhulp&template={row.id}").text
    assert "- [ ] eerst" in page


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"body": " "}, {"folder": "blogs"}, {"name": "x" * 121}, {"theme_id": "999"}],
)
def test_wrong_input_is_kept(manager: CheckingClient, wrong: dict[str, str]) -> None:
    given = {"folder": "wikis", "name": "Naam", "description": "Blijft staan", "body": "Tekst"}
    answer = manager.post("/templates/new", data=given | wrong)
    assert answer.status_code == 422 and "Blijft staan" in answer.text
    assert rows() == []


@HTMX
def test_a_preview_keeps_nothing(manager: CheckingClient, *, htmx: bool) -> None:
    given = {"name": "Naam", "body": "Tekst **vet**", "preview": "1"}
    answer = manager.post("/templates/protocol/edit", data=given, htmx=htmx)
    assert answer.status_code == 200 and "<strong>vet</strong>" in answer.text
    assert rows() == []


def test_changed_and_put_back(manager: CheckingClient) -> None:
    first = queries.shipped()["protocol"]
    given = {"name": "Ons protocol", "description": "Zo", "body": "Anders"}
    assert manager.post("/templates/protocol/edit", data=given).status_code == 303
    assert names()[0] == "Ons protocol"
    assert "Vervang de tekst door die van Kring" in manager.get("/templates").text
    manager.post("/templates/protocol/edit", data=given)
    assert logged() == ["changed"], "the same again is no change"
    assert manager.post("/templates/protocol/reset").status_code == 303
    (row,) = rows()
    assert (row.name, row.body) == (first.name, first.body)
    assert logged() == ["changed", "as it shipped"]


def test_in_another_order(manager: CheckingClient) -> None:
    assert names() == ["Protocol", "Standaard", "Werkwijze"]
    answer = manager.post("/templates/werkwijze/move", data={"direction": "up"})
    assert answer.location == "/templates#text-werkwijze"
    assert names() == ["Protocol", "Werkwijze", "Standaard"]
    manager.post("/templates/protocol/move", data={"direction": "down"})
    manager.post("/templates/werkwijze/move", data={"direction": "up"})
    assert names() == ["Werkwijze", "Protocol", "Standaard"]


def test_the_archive(cast: Cast, manager: CheckingClient, client_of: ClientOf) -> None:
    manager.post("/templates/standaard/archive")
    assert "Standaard" not in names()
    assert "Standaard" not in client_of(cast.specialist).get("/wikis/new?theme=schuldhulp").text
    assert "In het archief" in manager.get("/templates").text
    manager.post("/templates/standaard/restore")
    assert "Standaard" in names()


def test_without_wikis_there_are_no_texts_for_them(manager: CheckingClient) -> None:
    settings.change(modules_off=["wikis"])
    assert "Protocol" not in manager.get("/templates").text


def test_a_text_for_discussions(client: CheckingClient) -> None:
    page = client.get("/discussions/new").text
    assert "/discussions/new?template=vraag-met-context" in page and "protocol" not in page
    assert "Wat heb ik al gedaan" in client.get("/discussions/new?template=vraag-met-context").text
    for other in ("protocol", "nergens", "1", "x" * 3000):
        assert client.get(f"/discussions/new?template={other}").status_code == 200


def test_a_copy_of_a_discussion(cast: Cast, client: CheckingClient) -> None:
    asked = discussion(cast.other, "Hoe zit dit?", "De **hele** tekst", theme=cast.theme)
    own = client.get(f"/discussions/{asked.id}-{asked.slug}").text
    assert f"/discussions/new?copy={asked.id}" in own
    page = client.get(f"/discussions/new?copy={asked.id}").text
    assert "Kopie van Hoe zit dit?" in page and "De **hele** tekst" in page
    assert f'<option selected value="{cast.theme.id}">' in page


def test_no_copy_of_what_one_cannot_read(cast: Cast, client_of: ClientOf) -> None:
    when, secret = now(), "Geheimwoord"
    hidden = discussion(cast.other, "A", secret, hidden_at=when, hidden_reason="x")
    taken_back = discussion(cast.other, "B", secret, withdrawn_at=when, comment_count=1)
    closed = discussion(cast.insider, "C", secret, group=cast.closed)
    client = client_of(cast.member)
    for piece in (hidden, taken_back, closed):
        assert secret not in client.get(f"/discussions/new?copy={piece.id}").text
    assert secret in client_of(cast.other).get(f"/discussions/new?copy={taken_back.id}").text
    inside = client_of(cast.insider).get(f"/discussions/new?copy={closed.id}").text
    assert secret in inside and f'<option selected value="{cast.closed.id}">' in inside
    for key in ("0", "-1", "99999999999999999999", "x"):
        assert client.get(f"/discussions/new?copy={key}").status_code == 200


def test_a_copy_of_a_wiki_page(cast: Cast, client_of: ClientOf) -> None:
    page = wiki_page(cast.specialist, cast.theme, "Loket", "De hele tekst")
    link, theirs = f"/wikis/new?copy={page.id}", client_of(cast.other_specialist)
    assert link in theirs.get(f"/wikis/{page.id}-loket").text
    copy = theirs.get(link).text
    assert "Kopie van Loket" in copy and "De hele tekst" in copy
    assert link not in client_of(cast.member).get(f"/wikis/{page.id}-loket").text
    assert client_of(cast.manager).get(link).status_code == 403


def test_a_text_moves_along_with_its_theme(cast: Cast, manager: CheckingClient) -> None:
    given = {"folder": "wikis", "name": "Checklist", "body": "x", "theme_id": str(cast.theme.id)}
    manager.post("/templates/new", data=given)
    themes.merge(cast.theme, cast.other_theme, cast.manager)
    db.session.commit()
    assert [row.theme_id for row in rows()] == [cast.other_theme.id]
