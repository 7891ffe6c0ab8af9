"""/pages/<name>: house rules and the like, for everyone."""

from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from app.models import User
from app.policy import ABILITIES
from tests.cast import Cast
from tests.checking import CheckingClient
from tests.statements import statements

ClientOf = Callable[[User | None], CheckingClient]
NAMES = ("house-rules", "help", "about", "privacy", "accessibility", "who-may-what")


@pytest.mark.parametrize("name", NAMES)
def test_everyone_can_read_it(
    client: CheckingClient, cast: Cast, client_of: ClientOf, name: str
) -> None:
    for reader in (client, client_of(None)):
        answer = reader.get(f"/pages/{name}")
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers or reader is client


@pytest.mark.parametrize("name", ["x", "../base", "show", "house-rules.md", "..%2Fmail"])
def test_nothing_else_is_shown(client: CheckingClient, name: str) -> None:
    assert client.get(f"/pages/{name}").status_code == 404


def test_the_house_rules_are_numbered(client: CheckingClient) -> None:
    assert "<ol>" in client.get("/pages/house-rules").text


def test_texts_in_dutch_say_so_to_english_readers(client: CheckingClient, cast: Cast) -> None:
    cast.member.locale = "en"
    page = client.get("/pages/privacy").text
    assert '<html lang="en">' in page and '<div class="k-prose" lang="nl">' in page


class Rows(HTMLParser):
    """Reads the table of rights as rows of texts."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")
            self.inside = True
            assert tag == "td" or dict(attrs).get("scope") in {"row", "col"}

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag not in {"td", "th"}

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.rows[-1][-1] += data


def test_the_table_says_what_the_policy_says(client: CheckingClient) -> None:
    reader = Rows()
    reader.feed(client.get("/pages/who-may-what").text)
    heads, *rows = ([" ".join(cell.split()) for cell in row] for row in reader.rows)
    assert heads == ["Wat", "Lid", "Blogger", "Themaspecialist", "Ambassadeur", "Moderator",
                     "Communitymanager", "Beheerder", "Leidt een groep"]  # fmt: skip
    assert len(rows) == len(ABILITIES)
    table = {row[0]: row[1:] for row in rows}
    assert table["Mensen opzoeken"] == ["ja"] * 8
    assert table["Het moderatielogboek bekijken"][3:6] == ["ja"] * 3
    assert table["Verbergen en terugzetten"][0] == "nee"
    assert table["Verbergen en terugzetten"][-1] == "ja"
    wiki = table["Wikipagina's maken, aanpassen, verplaatsen en terugzetten"]
    assert [cell.startswith("ja, mits") for cell in wiki] == [False, False, True] + [False] * 5
    assert set(wiki) - {wiki[2]} == {"nee"}
    assert table["Rollen geven en intrekken"][5].startswith("ja, mits ")


def test_a_page_takes_a_fixed_number_of_statements(client: CheckingClient) -> None:
    client.get("/pages/help")
    with statements() as asked:
        client.get("/pages/who-may-what")
    assert len(asked) == 1
