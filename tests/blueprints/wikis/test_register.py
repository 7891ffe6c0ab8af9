"""The register of all pages: what holds, who keeps it, and when someone looks again."""

import csv
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO

import pytest

from app.extensions import db
from app.lib.clock import local, now
from app.models import Doubt, Role, Standing, Status, User
from app.queries.attention import Matter, attention
from app.queries.reviews import PAGE
from app.services import wikis
from app.services.wikis import Facts, Version
from bench.statements import statements
from tests import settings
from tests.blueprints.wikis.conftest import Tree
from tests.cast import Cast, person, wiki_page
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]
URL = "/wikis/register"


def today() -> date:
    return local(now()).date()


def fill(cast: Cast, tree: Tree) -> None:
    """Let one page be late and doubted, one be kept by someone, one be a concept."""
    tree.top.review_on = today() - timedelta(days=3)
    tree.top.reviewed_at, tree.top.reviewed_by = now() - timedelta(days=400), cast.specialist
    tree.child.owner = cast.other
    tree.other.standing = Standing.CONCEPT
    db.session.add(Doubt(page_id=tree.top.id, version=1, doubter_id=cast.member.id, line="Nee"))
    db.session.commit()


def test_every_member_sees_what_holds(cast: Cast, tree: Tree, client: CheckingClient) -> None:
    fill(cast, tree)
    page = client.get(URL).text
    for expected in ("Beslagvrije voet", "Tabellen", "Huur", "Te laat", "Otto Ander", "Concept"):
        assert expected in page
    assert page.index("Beslagvrije voet") < page.index("Tabellen"), "what is due comes first"
    for address in ("/wikis", "/wikis/themes/schuldhulp"):
        assert URL in client.get(address).text


@pytest.mark.parametrize(
    "query, shown",
    [
        ("theme=wonen", {"Huur"}),
        ("state=overdue", {"Beslagvrije voet"}),
        ("state=doubted", {"Beslagvrije voet"}),
        ("state=no_owner", {"Beslagvrije voet", "Huur"}),
        ("state=concept", {"Huur"}),
        ("state=offered", set()),
        ("theme=schuldhulp&state=in_force", {"Beslagvrije voet", "Tabellen"}),
        ("mine=1", {"Tabellen"}),
    ],
)
def test_it_is_narrowed_down(
    cast: Cast, tree: Tree, client_of: Clients, query: str, shown: set[str]
) -> None:
    fill(cast, tree)
    client = client_of(cast.other)
    page = client.get(f"{URL}?{query}").text
    table = client.get(f"{URL}.csv?{query}").text
    for title in ("Beslagvrije voet", "Tabellen", "Huur"):
        assert (f"-{title.split()[0].lower()}" in page.partition("<main")[2]) == (title in shown)
        assert (f";{title};" in table) == (title in shown)


@pytest.mark.parametrize("query", ["theme=niets", "state=x", "after=x", "after=WyJ4IiwxXQ"])
def test_what_there_is_not_is_not_found(client: CheckingClient, tree: Tree, query: str) -> None:
    assert client.get(f"{URL}?{query}").status_code == 404


def test_who_may_not_read_a_page_finds_no_trace(cast: Cast, tree: Tree, client_of: Clients) -> None:
    cast.theme.four_eyes = True
    facts = Facts(standing=Standing.OFFERED)
    wikis.create(cast.theme, Version("Nog geheim", "x", cast.specialist), facts=facts)
    tree.child.hidden_at = now()
    wiki_page(cast.specialist, cast.theme, "Weggegooid", status=Status.ARCHIVED)
    db.session.commit()
    reader, writer = client_of(cast.member), client_of(cast.specialist)
    for address in (URL, f"{URL}.csv", f"{URL}?state=offered"):
        answer = reader.get(address).text
        assert "Nog geheim" not in answer and "Tabellen" not in answer, address
        assert "Nog geheim" in writer.get(address).text
        assert "Weggegooid" not in answer
    assert client_of(None).get(URL).status_code == 303
    settings.change(modules_off=["wikis"])
    assert reader.get(URL).status_code == 404


def test_the_spreadsheet_is_harmless_and_complete(
    cast: Cast, tree: Tree, client: CheckingClient
) -> None:
    fill(cast, tree)
    tree.child.title = "=HYPERLINK(1)"
    db.session.commit()
    answer = client.get(f"{URL}.csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(StringIO(answer.text.lstrip("\ufeff")), delimiter=";"))
    assert len(rows) == 4 and len({len(row) for row in rows}) == 1
    late = dict(zip(rows[0], rows[1], strict=True))
    assert late["Titel"] == "Beslagvrije voet" and late["Nagelopen door"] == "Sam Specialist"
    assert late["Opnieuw vóór"] == (today() - timedelta(days=3)).isoformat()
    assert (late["Te laat"], late["Open twijfels"]) == ("Ja", "1")
    assert "'=HYPERLINK(1)" in rows[2]


def test_it_goes_on_however_many_there_are(cast: Cast, tree: Tree, client: CheckingClient) -> None:
    client.get(URL)
    with statements() as few:
        client.get(URL)
    for number in range(PAGE + 20):
        wiki_page(cast.specialist, cast.theme, f"Nummer {number:03}")
    with statements() as many:
        first = client.get(URL).text
    assert len(many) == len(few) <= 6
    seen = first.count('<th scope="row">')
    onward = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    second = client.get(onward).text
    assert (seen, second.count('<th scope="row">')) == (PAGE, 23)
    assert len(client.get(f"{URL}.csv").text.splitlines()) == PAGE + 24


def test_keepers_hear_at_home_what_waits(cast: Cast, tree: Tree, client_of: Clients) -> None:
    fill(cast, tree)
    colleague = person("Cora Collega", Role.SPECIALIST, theme=cast.theme)
    facts = Facts(standing=Standing.OFFERED)
    wikis.create(cast.theme, Version("Nieuw", "x", cast.specialist), facts=facts)
    db.session.commit()
    waits = (Matter.PAGES_LATE, Matter.PAGES_OFFERED, Matter.PAGES_DOUBTED)

    def counted(user: User) -> list[int | None]:
        found = attention(user)
        return [found.get(matter) for matter in waits]

    assert counted(cast.specialist) == [1, 0, 1]
    assert counted(colleague) == [1, 1, 1]
    assert counted(cast.other_specialist) == [0, 0, 0]
    assert counted(cast.manager) == [1, 1, 1]
    assert counted(cast.member) == [None, None, None]
    page = client_of(colleague).get("/").text
    assert "wikipagina is niet op tijd nagelopen" in page
    assert "/wikis/register?state=overdue&amp;mine=1" in page
