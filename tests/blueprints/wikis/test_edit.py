"""Editing a wiki page, with its preview and the notice that someone else is at it."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from app.extensions import Kring, db
from app.lib.clock import now
from app.models import EditNotice, Revision, Role, User
from app.services import editing
from tests.blueprints.wikis.conftest import Tree
from tests.cast import Cast, person
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]
TOLD = "Ook geopend door: Cora Collega"


def path(tree: Tree) -> str:
    return f"/wikis/{tree.top.id}-{tree.top.slug}/edit"


def words(**changes: object) -> dict[str, object]:
    return {
        "title": "Nieuwe titel", "body": "Nieuwe tekst.", "note": "Bedragen", "version": 1,
        "standing": "concept", "owner_id": "", "tags": "Inkomen, Beslag", **changes,
    }  # fmt: skip


def test_the_form_holds_the_page(cast: Cast, tree: Tree, client_of: Clients) -> None:
    page = client_of(cast.specialist).get(path(tree)).text
    assert 'value="Beslagvrije voet"' in page and "Eerst." in page and 'value="1"' in page


def test_a_save_makes_a_version_and_keeps_all_fields(
    cast: Cast, tree: Tree, client_of: Clients
) -> None:
    client = client_of(cast.specialist)
    saved = client.post(path(tree), data=words(owner_id=cast.specialist.id))
    assert saved.status_code == 303
    shown = client.get(saved.headers["Location"]).text
    for expected in ("Nieuwe titel", "Nieuwe tekst.", "Concept", "Inkomen", "Sam Specialist"):
        assert expected in shown
    newest = db.session.scalars(select(Revision).where(Revision.number == 2)).one()
    assert (newest.note, newest.author_id) == ("Bedragen", cast.specialist.id)


def test_mistakes_keep_what_was_written(cast: Cast, tree: Tree, client_of: Clients) -> None:
    client = client_of(cast.specialist)
    for wrong in (
        {"title": " "},
        {"body": ""},
        {"standing": "x"},
        {"tags": "a,b,"},
        {"version": "x"},
    ):
        page = client.post(path(tree), data=words(**{"note": "Blijft staan", **wrong}))
        assert page.status_code == 422, wrong
        assert "Blijft staan" in page.text
    deep = client.post(path(tree), data=words(body="> " * 200 + "diep"))
    assert deep.status_code == 422 and "&gt; &gt; &gt;" in deep.text
    db.session.refresh(tree.top)
    assert tree.top.version == 1


def test_the_preview_saves_nothing(cast: Cast, tree: Tree, client_of: Clients) -> None:
    client = client_of(cast.specialist)
    data = words(body="**Vet** [[Tabellen]]", preview="1")
    page = client.post(path(tree), data=data)
    part = client.post(path(tree), data=data, htmx=True)
    for answer in (page, part):
        assert answer.status_code == 200
        assert "<strong>Vet</strong>" in answer.text
        assert f'href="/wikis/{tree.child.id}-tabellen"' in answer.text
    assert "**Vet**" in page.text and "<!doctype" not in part.text
    db.session.refresh(tree.top)
    assert tree.top.version == 1


def test_it_tells_who_else_has_the_page_open(cast: Cast, tree: Tree, client_of: Clients) -> None:
    colleague = person("Cora Collega", Role.SPECIALIST, theme=cast.theme)
    db.session.commit()
    beacon = path(tree).removesuffix("edit") + "editing"
    assert client_of(colleague).post(beacon, data={"known": ""}, htmx=True).status_code == 204
    client = client_of(cast.specialist)
    assert TOLD in client.get(path(tree)).text
    told = client.post(beacon, data={"known": ""}, htmx=True)
    assert told.status_code == 200 and TOLD in told.text
    known = {"known": str(colleague.id)}
    assert client.post(beacon, data=known, htmx=True).status_code == 204
    notice = db.session.get_one(EditNotice, (tree.top.id, colleague.id))
    notice.seen_at = now() - timedelta(minutes=11)
    assert TOLD not in client.get(path(tree)).text
    client.post(path(tree), data=words())
    db.session.expire_all()
    assert db.session.get(EditNotice, (tree.top.id, cast.specialist.id)) is None


def test_a_page_in_the_bin_can_still_be_saved(cast: Cast, tree: Tree, client_of: Clients) -> None:
    """It was thrown away while someone wrote: the text must not be lost."""
    client = client_of(cast.specialist)
    client.post(f"/wikis/{tree.top.id}-{tree.top.slug}/archive", data={"reason": ""})
    assert "prullenbak" in client.get(path(tree)).text
    assert client.post(path(tree), data=words()).status_code == 303
    db.session.refresh(tree.top)
    assert (tree.top.version, tree.top.status.value) == (2, "archived")


def test_a_colleague_without_script_is_told_of_too(
    app: Kring, cast: Cast, tree: Tree, client_of: Clients
) -> None:
    colleague = person("Cora Collega", Role.SPECIALIST, theme=cast.theme)
    db.session.commit()
    client_of(colleague).get(path(tree))
    assert app.extensions[editing.EXTENSION].flush_now()
    assert TOLD in client_of(cast.specialist).get(path(tree)).text
