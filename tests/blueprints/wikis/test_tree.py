"""The place of a page: moved, thrown away, and brought back."""

from collections.abc import Callable

from app.extensions import db
from app.models import Grant, Role, Status, User
from app.services import wikis
from app.services.wikis import Version
from tests.blueprints.wikis.conftest import Tree
from tests.cast import Cast
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]


def path(page: object, rest: str = "") -> str:
    return f"/wikis/{page.id}-{page.slug}{rest}"  # type: ignore[attr-defined]  # a page


def test_a_page_is_put_under_another_and_in_order(
    cast: Cast, tree: Tree, client_of: Clients
) -> None:
    second = wikis.create(cast.theme, Version("Tweede", "x", cast.specialist), parent=tree.top)
    db.session.commit()
    client = client_of(cast.specialist)
    form = client.get(path(second, "/move")).text
    assert f'<option selected value="{tree.top.id}">' in form
    assert f'<option selected value="{tree.child.id}">' in form
    place = {"theme_id": cast.theme.id, "parent_id": tree.top.id, "after_id": 0}
    assert client.post(path(second, "/move"), data=place).status_code == 303
    db.session.expire_all()
    assert second.position < tree.child.position
    below = {"theme_id": cast.theme.id, "parent_id": second.id, "after_id": ""}
    assert client.post(path(tree.child, "/move"), data=below).status_code == 303
    db.session.expire_all()
    assert tree.child.parent_id == second.id


def test_a_page_does_not_go_under_itself(cast: Cast, tree: Tree, client_of: Clients) -> None:
    client = client_of(cast.specialist)
    assert f'<option value="{tree.child.id}">' not in client.get(path(tree.top, "/move")).text
    for parent in (tree.top, tree.child):
        place = {"theme_id": cast.theme.id, "parent_id": parent.id, "after_id": ""}
        page = client.post(path(tree.top, "/move"), data=place)
        assert page.status_code == 422 and "onder zichzelf" in page.text
    db.session.refresh(tree.top)
    assert tree.top.parent_id is None


def test_a_specialist_of_both_puts_a_branch_in_the_other_theme(
    cast: Cast, tree: Tree, client_of: Clients
) -> None:
    cast.specialist.grants.append(Grant(role=Role.SPECIALIST, theme=cast.other_theme))
    db.session.commit()
    client = client_of(cast.specialist)
    form = client.get(path(tree.top, f"/move?theme_id={cast.other_theme.id}")).text
    assert f'value="{tree.other.id}"' in form
    place = {"theme_id": cast.other_theme.id, "parent_id": tree.other.id, "after_id": ""}
    assert client.post(path(tree.top, "/move"), data=place).status_code == 303
    db.session.expire_all()
    assert {tree.top.theme_id, tree.child.theme_id} == {cast.other_theme.id}
    wrong = {"theme_id": cast.theme.id, "parent_id": tree.other.id, "after_id": ""}
    assert client.post(path(tree.top, "/move"), data=wrong).status_code == 422


def test_a_branch_goes_into_the_bin_and_comes_back(
    cast: Cast, tree: Tree, client_of: Clients
) -> None:
    client, reader = client_of(cast.specialist), client_of(cast.member)
    asked = client.get(path(tree.top, "/archive")).text
    assert "Tabellen" in asked
    done = client.post(path(tree.top, "/archive"), data={"reason": "Dubbel"})
    assert (done.status_code, done.headers["Location"]) == (303, "/wikis/themes/schuldhulp/bin")
    for page in (tree.top, tree.child):
        assert reader.get(path(page)).status_code == 404
        assert client.get(path(page)).status_code == 200
    found = client.get("/wikis/themes/schuldhulp/bin").text
    assert "Beslagvrije voet" in found and "1 pagina" in found
    assert path(tree.top) not in reader.get("/wikis/themes/schuldhulp").text
    back = client.post(path(tree.top, "/unarchive"))
    assert back.status_code == 303
    assert {reader.get(path(page)).status_code for page in (tree.top, tree.child)} == {200}
    assert "leeg" in client.get("/wikis/themes/schuldhulp/bin").text


def test_a_second_press_changes_nothing(cast: Cast, tree: Tree, client_of: Clients) -> None:
    client = client_of(cast.specialist)
    for _ in range(2):
        assert client.post(path(tree.child, "/archive"), data={"reason": ""}).status_code == 303
    for _ in range(2):
        assert client.post(path(tree.child, "/unarchive")).status_code == 303
    db.session.refresh(tree.child)
    assert tree.child.status is Status.PUBLISHED


def test_a_page_whose_parent_is_in_the_bin_says_where_it_went(
    cast: Cast, tree: Tree, client_of: Clients
) -> None:
    client = client_of(cast.specialist)
    client.post(path(tree.top, "/archive"), data={"reason": ""})
    client.post(path(tree.child, "/unarchive"))
    assert "boven aan het thema" in client.get(path(tree.child)).text
    db.session.refresh(tree.child)
    assert tree.child.parent_id is None


def test_a_reason_that_is_too_long_is_kept(cast: Cast, tree: Tree, client_of: Clients) -> None:
    page = client_of(cast.specialist).post(path(tree.top, "/archive"), data={"reason": "x" * 1001})
    assert page.status_code == 422 and "x" * 1001 in page.text
