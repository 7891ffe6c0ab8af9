"""Only the specialists of a theme write in its wiki, by every door (threat T8)."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.models import Content, Revision, User, WikiPage
from app.services import wikis
from tests.blueprints.wikis.conftest import Tree
from tests.cast import Cast
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]
STRANGERS = (
    "member", "blogger", "other_specialist", "ambassador", "moderator", "manager",
    "administrator", "insider", "group_owner",
)  # fmt: skip
WORDS = {"title": "Gekaapt", "body": "Gekaapt.", "note": "", "standing": "in_force"}


def doors(tree: Tree) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return every way to change something in the wiki of the first theme."""
    top, child = tree.top, tree.child
    at = f"/wikis/{top.id}-{top.slug}"
    here = {"theme_id": top.theme_id}
    return {
        "edit": (f"{at}/edit", {**WORDS, "version": 1}),
        "preview": (f"{at}/edit", {**WORDS, "version": 1, "preview": "1"}),
        "restore": (f"{at}/revisions/1/restore", {"version": 1, "note": ""}),
        "move": (f"{at}/move", {**here, "parent_id": "", "after_id": ""}),
        "move below": (
            f"/wikis/{child.id}-{child.slug}/move", {**here, "parent_id": "", "after_id": ""},
        ),
        "archive": (f"{at}/archive", {"reason": ""}),
        "unarchive": (f"{at}/unarchive", {}),
        "editing": (f"{at}/editing", {}),
        "new page": ("/wikis/new", {**WORDS, **here, "parent_id": ""}),
        "new child": ("/wikis/new", {**WORDS, **here, "parent_id": top.id}),
    }  # fmt: skip


def state() -> list[tuple[object, ...]]:
    """Return all that a forbidden request must leave as it was."""
    db.session.expire_all()
    page = WikiPage.__table__
    rows = db.session.execute(
        select(
            Content.id, Content.title, Content.body, Content.version, Content.theme_id,
            Content.status, page.c.parent_id, page.c.position,
        )
        .outerjoin(page, page.c.id == Content.id)
        .order_by(Content.id)
    ).all()  # fmt: skip
    revisions = db.session.scalar(select(func.count(Revision.id)))
    db.session.commit()
    return [*map(tuple, rows), (revisions,)]


@pytest.mark.parametrize("who", STRANGERS)
@pytest.mark.parametrize("htmx", [False, True])
def test_others_come_through_no_door(
    cast: Cast, tree: Tree, client_of: Clients, who: str, htmx: bool
) -> None:
    before = state()
    client = client_of(getattr(cast, who))
    for door, (path, form) in doors(tree).items():
        assert client.post(path, data=form, htmx=htmx).status_code == 403, door
        assert state() == before, door


@pytest.mark.parametrize("who", STRANGERS)
def test_others_get_no_form(cast: Cast, tree: Tree, client_of: Clients, who: str) -> None:
    at = f"/wikis/{tree.top.id}-{tree.top.slug}"
    client = client_of(getattr(cast, who))
    for path in ("/edit", "/move", "/archive", "/revisions/1/restore"):
        assert client.get(at + path).status_code == 403, path
    assert client.get("/wikis/themes/schuldhulp/bin").status_code == 403
    assert client.get(f"/wikis/new?parent={tree.top.id}").status_code == 403


def test_a_visitor_signs_in_first(tree: Tree, client_of: Clients) -> None:
    before = state()
    for door, (path, form) in doors(tree).items():
        assert client_of(None).post(path, data=form).status_code == 401, door
    at = f"/wikis/{tree.top.id}-{tree.top.slug}"
    for path in ("/wikis", "/wikis/themes/schuldhulp", at, f"{at}/history", f"{at}/edit"):
        assert "/login" in client_of(None).get(path).headers["Location"], path
    assert state() == before


@pytest.mark.parametrize("who", [*STRANGERS, "specialist"])
def test_a_hidden_page_has_no_doors(cast: Cast, tree: Tree, client_of: Clients, who: str) -> None:
    page = wikis.create(cast.other_theme, wikis.Version("Weg", "x", cast.insider))
    page.hidden_at = page.created_at
    db.session.commit()
    expected = 404
    if who in {"ambassador", "moderator", "manager", "insider"}:
        expected = 403
    client = client_of(getattr(cast, who))
    for path in ("edit", "move", "archive", "unarchive", "revisions/1/restore"):
        found = client.post(f"/wikis/{page.id}-weg/{path}", data={"version": 1})
        assert found.status_code == expected, path


def test_a_forged_place_in_another_theme_is_refused(
    cast: Cast, tree: Tree, client_of: Clients
) -> None:
    """A specialist of one theme names the other theme, or a page in it, in the form."""
    before = state()
    client = client_of(cast.specialist)
    at = f"/wikis/{tree.top.id}-{tree.top.slug}/move"
    own, foreign = cast.theme.id, cast.other_theme.id
    for theme_id, parent_id in ((foreign, ""), (own, tree.other.id), (foreign, tree.other.id)):
        place = {"theme_id": theme_id, "parent_id": parent_id, "after_id": ""}
        assert client.post(at, data=place).status_code == 403
        assert client.post("/wikis/new", data={**WORDS, **place}).status_code == 403
        assert state() == before
    for unknown in ({"theme_id": 999}, {"theme_id": own, "parent_id": 999}, {"parent_id": own}):
        assert client.post(at, data={"after_id": "", **unknown}).status_code == 404
        assert client.post("/wikis/new", data={**WORDS, **unknown}).status_code == 404
    assert client.get(f"{at}?theme_id={foreign}").status_code == 403
    assert client.get("/wikis/new?theme=wonen").status_code == 404
    assert state() == before


def test_other_fields_in_the_form_change_nothing_else(
    cast: Cast, tree: Tree, client_of: Clients
) -> None:
    extra = {
        "theme_id": cast.other_theme.id, "parent_id": tree.other.id, "author_id": cast.member.id,
        "hidden_at": "2020-01-01", "status": "archived", "position": 99, "group_id": cast.open.id,
        "owner_id": "",
    }  # fmt: skip
    path = f"/wikis/{tree.top.id}-{tree.top.slug}/edit"
    saved = client_of(cast.specialist).post(path, data={**WORDS, "version": 1, **extra})
    assert saved.status_code == 303
    db.session.refresh(tree.top)
    assert tree.top.title == "Gekaapt"
    assert (tree.top.theme_id, tree.top.parent_id, tree.top.author_id, tree.top.group_id) == (
        cast.theme.id, None, cast.specialist.id, None,
    )  # fmt: skip


def test_the_owner_is_a_specialist_of_the_theme(cast: Cast, tree: Tree, client_of: Clients) -> None:
    path = f"/wikis/{tree.top.id}-{tree.top.slug}/edit"
    form = {**WORDS, "version": 1, "owner_id": cast.manager.id}
    assert client_of(cast.specialist).post(path, data=form).status_code == 422


def test_the_own_doors_open(cast: Cast, tree: Tree, client_of: Clients) -> None:
    client = client_of(cast.specialist)
    for door, (path, form) in doors(tree).items():
        assert client.post(path, data=form).status_code in {200, 204, 303, 409}, door
