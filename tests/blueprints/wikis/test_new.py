"""A new wiki page."""

from collections.abc import Callable
from uuid import uuid4

from sqlalchemy import select

from app.extensions import db
from app.models import Grant, Role, User, WikiPage
from tests.blueprints.wikis.conftest import Tree
from tests.cast import Cast
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]


def words(cast: Cast, **changes: object) -> dict[str, object]:
    return {
        "title": "Nieuwe pagina", "body": "Tekst.", "theme_id": cast.theme.id, "parent_id": "",
        "standing": "in_force", "owner_id": "", "tags": "", **changes,
    }  # fmt: skip


def made() -> list[WikiPage]:
    db.session.expire_all()
    return list(db.session.scalars(select(WikiPage).where(WikiPage.title == "Nieuwe pagina")))


def test_a_specialist_makes_a_page(cast: Cast, tree: Tree, client_of: Clients) -> None:
    client = client_of(cast.specialist)
    assert "Schuldhulp" in client.get("/wikis/new").text
    saved = client.post("/wikis/new", data=words(cast, parent_id=tree.top.id))
    page = made()[0]
    assert saved.status_code == 303
    assert saved.headers["Location"] == f"/wikis/{page.id}-nieuwe-pagina"
    assert (page.parent_id, page.theme_id, page.position) == (tree.top.id, cast.theme.id, 2)


def test_the_place_of_the_address_is_chosen(cast: Cast, tree: Tree, client_of: Clients) -> None:
    page = client_of(cast.specialist).get(f"/wikis/new?parent={tree.child.id}").text
    assert f'<option selected value="{tree.child.id}">' in page


def test_with_two_themes_the_theme_is_chosen_first(
    cast: Cast, tree: Tree, client_of: Clients
) -> None:
    cast.specialist.grants.append(Grant(role=Role.SPECIALIST, theme=cast.other_theme))
    db.session.commit()
    client = client_of(cast.specialist)
    page = client.get("/wikis/new").text
    assert "?theme=schuldhulp" in page and "?theme=wonen" in page
    assert f'value="{cast.other_theme.id}"' in client.get("/wikis/new?theme=wonen").text
    wrong = client.post("/wikis/new", data=words(cast, parent_id=tree.other.id))
    assert wrong.status_code == 422 and not made()


def test_mistakes_keep_what_was_written(cast: Cast, tree: Tree, client_of: Clients) -> None:
    client = client_of(cast.specialist)
    page = client.post("/wikis/new", data=words(cast, title="", body="Blijft staan"))
    assert page.status_code == 422 and "Blijft staan" in page.text
    assert not made()


def test_the_preview_makes_nothing(cast: Cast, client_of: Clients) -> None:
    client = client_of(cast.specialist)
    data = words(cast, body="*schuin*", preview="1")
    for htmx in (False, True):
        answer = client.post("/wikis/new", data=data, htmx=htmx)
        assert answer.status_code == 200 and "<em>schuin</em>" in answer.text
    assert not made()


def test_a_double_submit_makes_one_page(cast: Cast, client_of: Clients) -> None:
    client, key = client_of(cast.specialist), str(uuid4())
    where = {
        client.post("/wikis/new", data=words(cast, submission_key=key)).headers["Location"]
        for _ in range(2)
    }
    assert len(made()) == 1 and len(where) == 1


def test_a_missing_link_becomes_one(cast: Cast, tree: Tree, client_of: Clients) -> None:
    client = client_of(cast.specialist)
    source = client.post(
        "/wikis/new", data=words(cast, title="Bron", body="Zie [[Nieuwe pagina]].")
    )
    path = source.headers["Location"]
    assert "wiki-missing" in client.get(path).text
    client.post("/wikis/new", data=words(cast))
    shown = client.get(path).text
    assert "wiki-missing" not in shown and f'href="/wikis/{made()[0].id}-nieuwe-pagina"' in shown
