"""The page of a wiki page, the lists above it, and its file."""

from collections.abc import Callable

import pytest

from app.extensions import Kring, db
from app.models import Standing, Tag, User
from app.services import text, wikis
from app.services.wikis import Version
from app.site import site
from bench.statements import statements
from tests.blueprints.wikis.conftest import Tree
from tests.cast import Cast, discussion
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]
MOST_STATEMENTS = 6


def path(page: object) -> str:
    return f"/wikis/{page.id}-{page.slug}"  # type: ignore[attr-defined]  # a page


def test_it_shows_what_a_reader_wants_to_know(
    cast: Cast, tree: Tree, client: CheckingClient
) -> None:
    db.session.refresh(tree.child, ["tags"])
    tree.child.owner = cast.specialist
    tree.child.tags = [Tag(name="Inkomen", slug="inkomen")]
    page = client.get(path(tree.child)).text
    for expected in (
        "Tabellen", "Bedragen.", "/wikis/themes/schuldhulp", path(tree.top), "Van kracht",
        "Sam Specialist", "iedereen in de community", f"{path(tree.child)}/history",
        f"{path(tree.child)}/download", 'href="/tags/inkomen"', f'id="like-content-{tree.child.id}"',
        f'id="follow-{tree.child.id}"', f'id="state-{tree.child.id}"', 'aria-current="page"',
    ):  # fmt: skip
        assert expected in page, expected


def test_headings_have_contents_and_permalinks(tree: Tree, client: CheckingClient) -> None:
    page = client.get(path(tree.top)).text
    assert '<a href="#h-wat">Wat</a>' in page and '<h2 id="h-wat">' in page
    assert 'class="heading-link" href="#h-wat"' in page


@pytest.mark.parametrize(
    "standing, word", [(Standing.CONCEPT, "concept"), (Standing.EXPIRED, "vervallen")]
)
def test_a_page_that_does_not_hold_says_so(
    tree: Tree, client: CheckingClient, standing: Standing, word: str
) -> None:
    tree.top.standing = standing
    assert word in client.get(path(tree.top)).text.casefold()


def test_only_specialists_see_buttons_to_write(
    cast: Cast, tree: Tree, client: CheckingClient, client_of: Clients
) -> None:
    edit = f"{path(tree.top)}/edit"
    assert edit in client_of(cast.specialist).get(path(tree.top)).text
    assert edit not in client.get(path(tree.top)).text
    for stranger in (cast.other_specialist, cast.manager, cast.administrator):
        assert edit not in client_of(stranger).get(path(tree.top)).text


def test_it_tells_where_it_is_mentioned_to_those_who_may_know(
    cast: Cast, tree: Tree, client_of: Clients
) -> None:
    wikis.create(cast.theme, Version("Bron", "Zie [[Tabellen]].", cast.specialist))
    secret = discussion(cast.insider, "Geheim overleg", "Zie [[Tabellen]].", group=cast.closed)
    secret.theme = cast.theme
    text.render_content(secret)
    db.session.commit()
    shown = client_of(cast.member).get(path(tree.child)).text
    assert "Bron" in shown and "Geheim overleg" not in shown
    assert "Geheim overleg" in client_of(cast.insider).get(path(tree.child)).text


def test_an_old_address_leads_on(cast: Cast, tree: Tree, client: CheckingClient) -> None:
    old = path(tree.top)
    wikis.save(tree.top, Version("Andere naam", "x", cast.specialist), expected_version=1)
    db.session.commit()
    for rest in ("", "/history", "/download"):
        moved = client.get(old + rest)
        assert moved.status_code == 301
        assert moved.headers["Location"] == f"/wikis/{tree.top.id}-andere-naam{rest}"


def test_hidden_pages_are_not_there(cast: Cast, tree: Tree, client_of: Clients) -> None:
    tree.child.hidden_at = tree.child.created_at
    db.session.commit()
    client = client_of(cast.member)
    for rest in ("", "/history", "/revisions/1", "/download", "/diff/1/1"):
        assert client.get(path(tree.child) + rest).status_code == 404
    for elsewhere in ("/wikis", "/wikis/themes/schuldhulp", path(tree.top)):
        assert "Tabellen" not in client.get(elsewhere).text
    assert "Tabellen" in client_of(cast.moderator).get(path(tree.top)).text


def test_pages_that_never_were_are_not_found(client: CheckingClient, tree: Tree) -> None:
    for address in (
        "/wikis/999999-x", "/wikis/themes/x", f"{path(tree.top)}/revisions/2",
        f"{path(tree.top)}/diff/1/9", f"{path(tree.top)}/diff/1/1?view=x",
        f"{path(tree.top)}/compare", "/wikis/99999999999999-x",
    ):  # fmt: skip
        assert client.get(address).status_code == 404, address


def test_a_page_comes_as_a_file(tree: Tree, client: CheckingClient) -> None:
    answer = client.get(f"{path(tree.top)}/download")
    assert answer.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert answer.headers["Content-Disposition"] == "attachment; filename=beslagvrije-voet.md"
    assert answer.text == "# Beslagvrije voet\n\n# Wat\n\nEerst.\n\n# Hoe\n\nDan.\n"


def test_the_lists_show_pages_and_how_to_become_a_writer(
    cast: Cast, tree: Tree, client_of: Clients
) -> None:
    reader, writer = client_of(cast.member), client_of(cast.specialist)
    for address in ("/wikis", "/wikis/themes/schuldhulp"):
        page = reader.get(address).text
        assert path(tree.top) in page and "Wie schrijft hier" in page and "/wikis/new" not in page
        page = writer.get(address).text
        assert "/wikis/new" in page and "Wie schrijft hier" not in page
    whole = reader.get("/wikis/themes/schuldhulp").text
    assert path(tree.child) in whole and path(tree.other) not in whole


def test_a_wiki_page_asks_the_same_however_many_there_are(
    app: Kring, cast: Cast, tree: Tree, client: CheckingClient
) -> None:
    def asked(address: str) -> int:
        client.get(address)
        site()
        with statements() as found:
            assert client.get(address).status_code == 200
        return len(found)

    addresses = (
        "/wikis",
        "/wikis/themes/schuldhulp",
        path(tree.child),
        f"{path(tree.child)}/history",
    )
    few = [asked(address) for address in addresses]
    for number in range(200):
        body = "Zie [[Tabellen]]." if number < 40 else "Tekst."
        parent = tree.top if number % 2 else tree.child
        page = wikis.build(
            cast.theme, Version(f"Pagina {number}", body, cast.specialist), parent=parent
        )
        wikis.render(page)
    db.session.commit()
    assert [asked(address) for address in addresses] == few
    assert few[2] <= MOST_STATEMENTS, few
