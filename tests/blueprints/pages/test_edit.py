"""/pages/<name>/edit: the manager changes a page in place."""

from collections.abc import Callable

import pytest

from app.extensions import db
from app.models import Role, User
from app.queries import pages as queries
from app.services import pages
from app.site import forget_site, site
from tests.cast import Cast, person
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]


def words(**changes: object) -> dict[str, object]:
    return {"title": "Hulp", "body": "Nieuwe **tekst**.", "note": "Korter", "version": 1, **changes}


@pytest.fixture
def client(cast: Cast, client_of: ClientOf) -> CheckingClient:
    """Return the client of the manager."""
    return client_of(cast.manager)


def present(name: str) -> queries.PageText:
    """Return a page as the product left it."""
    db.session.expire_all()
    forget_site()
    return queries.current(name)


def test_the_form_holds_the_text(client: CheckingClient) -> None:
    page = client.get("/pages/help/edit").text
    assert 'value="Aan de slag"' in page and "## Een vraag stellen" in page
    assert 'name="minor"' not in page


@pytest.mark.parametrize("htmx", [False, True])
def test_saving_makes_a_version(client: CheckingClient, htmx: bool) -> None:
    answer = client.post("/pages/help/edit", data=words(), htmx=htmx)
    assert answer.status_code == (204 if htmx else 303)
    assert answer.headers["HX-Redirect" if htmx else "Location"] == "/pages/help"
    text = present("help")
    assert (text.number, text.title, text.note) == (2, "Hulp", "Korter")
    page = client.get("/pages/help").text
    assert "<strong>tekst</strong>" in page and "Je wijziging is opgeslagen" in page


def test_mistakes_keep_what_was_written(client: CheckingClient) -> None:
    for wrong in (
        {"title": " "},
        {"title": "x" * 201},
        {"body": ""},
        {"body": "> " * 200 + "diep"},
        {"note": "n" * 251},
        {"version": "x"},
        {"version": 0},
    ):
        page = client.post("/pages/help/edit", data=words(**{"note": "Blijft staan", **wrong}))
        assert page.status_code == 422, wrong
        assert "Blijft staan" in page.text or "note" in wrong
    assert present("help").number == 1


@pytest.mark.parametrize("htmx", [False, True])
def test_the_preview_saves_nothing(client: CheckingClient, htmx: bool) -> None:
    data = words(body="## Een\n\nVan {community}", preview="1")
    answer = client.post("/pages/house-rules/edit", data=data, htmx=htmx)
    assert answer.status_code == 200
    assert "1. Een" in answer.text and "<p>Van Kring</p>" in answer.text
    assert ("<!doctype" in answer.text) is not htmx
    assert present("house-rules").number == 1


def test_an_unchanged_text_is_no_version(client: CheckingClient) -> None:
    text = present("house-rules")
    data = words(title=text.title, body=text.body)
    assert client.post("/pages/house-rules/edit", data=data).status_code == 303
    assert present("house-rules").number == 1 and site().rules_version == 1


def test_house_rules_ask_everyone_again_unless_only_wording_changed(
    cast: Cast, client: CheckingClient
) -> None:
    gone = person("Gijs Gone")
    gone.deactivated_at = cast.member.welcomed_at
    form = client.get("/pages/house-rules/edit").text
    assert "alle 12 leden om opnieuw akkoord" in form
    answer = client.post("/pages/house-rules/edit", data=words(note=""))
    assert answer.status_code == 422 and present("house-rules").number == 1
    client.post("/pages/house-rules/edit", data=words(minor="y"))
    assert (present("house-rules").minor, site().rules_version) == (True, 1)
    again = words(body="## Nieuw", version=2)
    assert client.post("/pages/house-rules/edit", data=again).status_code == 303
    assert (present("house-rules").number, site().rules_version) == (3, 3)


def test_of_two_editors_the_second_sees_both_texts(cast: Cast, client_of: ClientOf) -> None:
    colleague = person("Mees Manager", Role.MANAGER)
    db.session.commit()
    client_of(colleague).post("/pages/help/edit", data=words(body="Van Mees."))
    client = client_of(cast.manager)
    answer = client.post("/pages/help/edit", data=words(body="Van Mina.", title="Hulp van Mina"))
    assert answer.status_code == 409
    for kept in ("Van Mees.", "Van Mina.", "Hulp van Mina", "Mees Manager", 'value="2"'):
        assert kept in answer.text, kept
    assert present("help").body == "Van Mees."
    both = words(body="Van Mees en Mina.", version=2)
    assert client.post("/pages/help/edit", data=both).status_code == 303
    assert (present("help").number, present("help").body) == (3, "Van Mees en Mina.")


def test_changes_that_do_not_touch_are_joined(cast: Cast, client_of: ClientOf) -> None:
    lines = "Een.\n\nTwee.\n\nDrie.\n\nVier.\n\nVijf."
    pages.edit("help", "Hulp", lines, cast.manager)
    client = client_of(cast.manager)
    first = words(body=lines.replace("Een", "Eerst"), version=2)
    client.post("/pages/help/edit", data=first)
    second = words(body=lines.replace("Vijf", "Laatst"), version=2)
    answer = client.post("/pages/help/edit", data=second)
    assert answer.status_code == 409
    assert lines.replace("Een", "Eerst").replace("Vijf", "Laatst") in answer.text


def test_only_the_manager_may(cast: Cast, client_of: ClientOf) -> None:
    for reader in (cast.member, cast.moderator, cast.ambassador, cast.administrator):
        client = client_of(reader)
        assert client.get("/pages/help/edit").status_code == 403
        assert client.post("/pages/help/edit", data=words()).status_code == 403
    visitor = client_of(None)
    assert visitor.get("/pages/help/edit").headers["Location"].startswith("/login")
    assert visitor.post("/pages/help/edit", data=words()).status_code == 401
    assert present("help").number == 1


def test_other_pages_are_not_there(client: CheckingClient) -> None:
    for name in ("who-may-what", "base", "show"):
        assert client.get(f"/pages/{name}/edit").status_code == 404
        assert client.post(f"/pages/{name}/edit", data=words()).status_code == 404
