"""The versions of a wiki page, and back to one of them."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Revision, User
from app.services import wikis
from app.services.wikis import Version
from tests.blueprints.wikis.conftest import Tree
from tests.cast import Cast
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]


@pytest.fixture
def changed(cast: Cast, tree: Tree) -> str:
    """Return the address of a page that was changed once."""
    version = Version(
        "Beslagvrije voet", "# Wat\n\nToen.\n\n# Hoe\n\nDan.", cast.specialist, "Later"
    )
    wikis.save(tree.top, version, expected_version=1)
    db.session.commit()
    return f"/wikis/{tree.top.id}-{tree.top.slug}"


def test_the_history_tells_who_changed_what_when(changed: str, client: CheckingClient) -> None:
    page = client.get(f"{changed}/history").text
    for expected in ("Sam Specialist", "Later", f"{changed}/revisions/1", f"{changed}/diff/1/2"):
        assert expected in page


def test_a_long_history_has_pages(cast: Cast, tree: Tree, client: CheckingClient) -> None:
    for number in range(2, 121):
        wikis.add_version(
            tree.top, Version("Beslagvrije voet", f"Versie {number}", cast.specialist)
        )
    wikis.render(tree.top)
    db.session.commit()
    path, seen = f"/wikis/{tree.top.id}-{tree.top.slug}/history", []
    address = path
    for _page in range(3):
        text = client.get(address).text
        seen += [n for n in range(1, 121) if f'/revisions/{n}"' in text]
        address = f"{path}?before={min(seen)}"
        assert (f"before={min(seen)}" in text) is (min(seen) > 1)
    assert sorted(seen) == list(range(1, 121))


def test_an_old_version_can_be_read_and_says_that_it_is_old(
    changed: str, client: CheckingClient
) -> None:
    page = client.get(f"{changed}/revisions/1").text
    assert "Eerst." in page and "Toen." not in page and "oude versie" in page


def test_two_versions_are_compared(changed: str, client: CheckingClient) -> None:
    chosen = client.get(f"{changed}/compare?old=2&new=1")
    assert chosen.headers["Location"] == f"{changed}/diff/1/2"
    side = client.get(f"{changed}/diff/1/2").text
    inline = client.get(f"{changed}/diff/1/2?view=inline").text
    for page in (side, inline):
        assert "<del>Eerst</del>" in page and "<ins>Toen</ins>" in page
    assert "diff--side" in side and "diff--side" not in inline
    assert "hetzelfde" in client.get(f"{changed}/diff/2/2").text


def test_a_version_is_restored_after_a_question(
    cast: Cast, changed: str, tree: Tree, client_of: Clients
) -> None:
    client = client_of(cast.specialist)
    asked = client.get(f"{changed}/revisions/1/restore").text
    assert 'value="2"' in asked and "<ins>Eerst</ins>" in asked
    done = client.post(f"{changed}/revisions/1/restore", data={"version": 2, "note": "Toch niet"})
    assert done.status_code == 303
    db.session.refresh(tree.top)
    assert (tree.top.version, "Eerst." in tree.top.body) == (3, True)
    newest = select(Revision.note).where(Revision.number == 3)
    assert db.session.scalar(newest) == "Versie 1 teruggezet: Toch niet"


def test_a_restore_does_not_overwrite_what_came_in_between(
    cast: Cast, changed: str, tree: Tree, client_of: Clients
) -> None:
    client = client_of(cast.specialist)
    page = client.post(f"{changed}/revisions/1/restore", data={"version": 1, "note": "Waarom ook"})
    assert page.status_code == 409 and 'value="2"' in page.text and "Waarom ook" in page.text
    assert client.post(f"{changed}/revisions/1/restore", data={}).status_code == 422
    assert client.post(f"{changed}/revisions/9/restore", data={"version": 2}).status_code == 404
    db.session.refresh(tree.top)
    assert tree.top.version == 2
