"""The house rules before anything else."""

from collections.abc import Callable

import pytest
from flask import url_for
from sqlalchemy import select

from app.access import DECLARED
from app.blueprints.welcome import gate
from app.extensions import Kring, db
from app.models import Agreement, Comment, User
from app.services import pages
from bench.statements import statements
from tests.cast import Cast, discussion, document
from tests.checking import CheckingClient
from tests.security.pages import form_of
from tests.security.walk import ways
from tests.test_routes import scene

ClientOf = Callable[[User | None], CheckingClient]
OPEN_TO_ALL = (
    "/pages/house-rules", "/pages/privacy", "/login", "/health", "/password/forgot",
    "/welcome/decline", "/pages/house-rules/diff/1/1",
)  # fmt: skip


def test_every_page_leads_to_the_rules(app: Kring, cast: Cast, new_client: CheckingClient) -> None:
    """All that is not public; also parts of pages, and files."""
    new_client.reads = False
    shut = 0
    for way in ways(app, scene(cast), ("GET",), most=1):
        view = app.view_functions[way.endpoint]
        if way.endpoint in gate.OPEN or getattr(view, DECLARED) == "public":
            continue
        shut += 1
        answer = new_client.get(way.url)
        assert answer.status_code == 303, way
        assert answer.location.partition("?")[0] == "/welcome", way
        part = new_client.get(way.url, htmx=True)
        assert part.status_code == 204 and part.headers["HX-Redirect"] == "/welcome", way
    assert shut > 20


def test_every_write_is_held_back(app: Kring, cast: Cast, new_client: CheckingClient) -> None:
    new_client.reads = False
    for way in ways(app, scene(cast), ("POST",), most=1):
        view = app.view_functions[way.endpoint]
        if way.endpoint not in gate.OPEN and getattr(view, DECLARED) != "public":
            assert new_client.post(way.url).status_code == 409, way


def test_what_is_open_exists(app: Kring) -> None:
    assert set(app.view_functions) >= gate.OPEN


@pytest.mark.parametrize("path", OPEN_TO_ALL)
def test_what_everyone_may_read_stays_open(new_client: CheckingClient, path: str) -> None:
    assert new_client.get(path).location in {None, "/"}


def test_signing_out_stays_possible(new_client: CheckingClient) -> None:
    assert new_client.post("/logout").location == "/login"


def test_visitors_sign_in_first(client_of: ClientOf, cast: Cast) -> None:
    assert client_of(None).get("/people").location == "/login?next=/people"
    for path in ("/welcome", "/welcome/profile", "/welcome/themes", "/welcome/decline"):
        assert client_of(None).get(path).location == f"/login?next={path}"
    for path in ("/welcome", "/welcome/profile", "/welcome/themes", "/welcome/steps/close"):
        assert client_of(None).post(path).status_code == 401


def test_a_file_is_not_handed_out(
    cast: Cast, new_client: CheckingClient, client: CheckingClient
) -> None:
    kept = document(discussion(cast.member), cast.member, "Voor leden.")
    path = f"/attachments/{kept.id}-notitie"
    assert client.get(client.get(path).location or path).data == b"Voor leden."
    assert b"Voor leden." not in new_client.get(path).data


def test_the_way_back_is_kept(cast: Cast, new_client: CheckingClient) -> None:
    asked = discussion(cast.member)
    path = f"/discussions/{asked.id}-{asked.slug}"
    answer = new_client.get(f"{path}?page=1")
    assert answer.location == f"/welcome?next={path}?page%3D1"
    form = form_of(new_client.get(answer.location))
    assert form.fields["next"] == f"{path}?page=1"


def test_a_part_leads_back_to_its_page(new_client: CheckingClient) -> None:
    there = {"HX-Current-URL": "http://localhost/discussions?view=mine"}
    answer = new_client.get("/discussions?after=x", htmx=True, headers=there)
    assert answer.headers["HX-Redirect"] == "/welcome?next=/discussions?view%3Dmine"


def test_a_page_that_there_is_not_is_not_found(new_client: CheckingClient) -> None:
    assert new_client.get("/bestaat-niet").status_code == 404


@pytest.mark.parametrize("htmx", [False, True])
def test_a_reply_waits_behind_the_rules(
    cast: Cast, newcomer: User, new_client: CheckingClient, htmx: bool
) -> None:
    asked = discussion(cast.member)
    path = f"/content/{asked.id}/comments"
    refused = new_client.post(path, data={"body": "Één\n\n<b>twee</b>"}, htmx=htmx)
    assert refused.status_code == 409
    assert refused.headers.get("HX-Retarget") == ("body" if htmx else None)
    assert "Je tekst is veilig" in refused.text
    assert not db.session.scalars(select(Comment)).all()
    forgotten = form_of(refused).send(new_client, agree="")
    assert forgotten.status_code == 422
    resend = form_of(forgotten).send(new_client, agree="y")
    assert resend.status_code == 200 and newcomer.accepted_rules == 1
    assert form_of(resend).fields["body"].strip("\n") == "Één\n\n<b>twee</b>"
    assert form_of(resend).send(new_client).status_code == 303
    assert db.session.scalars(select(Comment.body)).all() == ["Één\n\n<b>twee</b>"]


def test_what_was_kept_never_goes_to_another_site(new_client: CheckingClient) -> None:
    form = form_of(new_client.get("/welcome"))
    kept = '{"path": "//evil.example/", "fields": [["body", "geheim"]]}'
    answer = form.send(new_client, agree="y", kept=kept, next="https://evil.example/")
    assert answer.status_code == 303 and answer.location == "/welcome/profile"
    done = new_client.post("/welcome/themes", data={"next": "//evil.example/"})
    assert done.status_code == 303 and done.location == "/"


def test_the_menus_promise_nothing_that_is_shut(
    new_client: CheckingClient, client: CheckingClient
) -> None:
    page = new_client.get("/welcome").text
    for path in ("/discussions", "/notifications", "/bookmarks", "/people"):
        assert f'href="{path}"' not in page
    assert "Uitloggen" in page
    assert 'href="/notifications"' in client.get("/people").text


def test_the_rules_are_asked_again_of_everyone(
    cast: Cast, client: CheckingClient, client_of: ClientOf
) -> None:
    assert client.get("/people").status_code == 200
    pages.edit(
        "house-rules", "Huisregels", "1. Wees lief.", cast.manager, note="Korter.", minor=True
    )
    assert client.get("/people").status_code == 200
    pages.edit("house-rules", "Huisregels", "1. Wees lief, altijd.", cast.manager, note="Altijd.")
    for reader in (client, client_of(cast.administrator), client_of(cast.manager)):
        assert reader.get("/people").location == "/welcome?next=/people"


def test_the_home_page_leads_on_who_did_not_finish(
    cast: Cast, newcomer: User, new_client: CheckingClient
) -> None:
    """Other pages do not: a link from a mail works."""
    newcomer.accepted_rules = 1
    db.session.commit()
    assert new_client.get("/").location == "/welcome"
    assert new_client.get("/people").status_code == 200
    assert not db.session.scalars(select(Agreement)).all()


def test_the_gate_costs_no_statement(client: CheckingClient) -> None:
    client.get("/account")
    with statements() as asked:
        client.get("/account")
    assert len(asked) == 1, "who is signed in"


def test_the_rules_take_a_fixed_number_of_statements(
    app: Kring, cast: Cast, new_client: CheckingClient
) -> None:
    new_client.get("/welcome")
    with statements() as asked:
        new_client.get("/welcome")
    with app.test_request_context():
        assert url_for("welcome.index") == "/welcome"
    # Who is signed in; the rules and the welcome.
    assert len(asked) == 3, "\n\n".join(asked)
