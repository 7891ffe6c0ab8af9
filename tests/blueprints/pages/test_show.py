"""/pages/<name>: house rules and the like, for everyone."""

from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from app.extensions import db
from app.models import Role, Setting, User
from app.policy import ABILITIES, Ability, can
from app.queries import pages
from app.services import pages as services
from app.site import forget_site
from bench.statements import statements
from tests.cast import Cast, discussion, person
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
NAMES = (*pages.NAMES, "who-may-what")


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


def test_the_house_rules_are_articles_with_an_address(client: CheckingClient) -> None:
    page = client.get("/pages/house-rules").text
    assert '<h2 id="artikel-4">4. Noem geen inwoners<' in page and 'href="#artikel-4"' in page
    assert "Versie 1" in page and "geldt sinds 21 november 2026" in page


def test_every_page_says_which_version_it_is_and_since_when(
    client: CheckingClient, cast: Cast
) -> None:
    services.edit("about", "Over ons", "Kort.", cast.manager)
    page = client.get("/pages/about").text
    assert "<h1" in page and "Over ons" in page and "Versie 2" in page
    assert 'href="/pages/about/history"' in page and "/pages/about/edit" not in page


def test_only_the_manager_is_offered_to_edit(client_of: ClientOf, cast: Cast) -> None:
    assert 'href="/pages/help/edit"' in client_of(cast.manager).get("/pages/help").text
    assert "/pages/help/edit" not in client_of(cast.administrator).get("/pages/help").text
    assert "/pages/help/history" not in client_of(None).get("/pages/help").text


def test_names_between_braces_are_filled_in_as_text(client: CheckingClient, cast: Cast) -> None:
    db.session.add(Setting(key="municipality", value='<b>"Stad"</b>'))
    body = "Van {gemeente} en {community}, niet {naam}. [Weg]({gemeente} 'x {community}')"
    services.edit("about", "Over ons", body, cast.manager)
    db.session.commit()
    forget_site()
    page = client.get("/pages/about").text
    assert "Van &lt;b&gt;&#34;Stad&#34;&lt;/b&gt; en Kring, niet {naam}." in page
    assert "<b>" not in page and "Kring'" not in page


def test_the_privacy_page_tells_the_periods_that_were_set(client: CheckingClient) -> None:
    db.session.add(Setting(key="keep_mail_days", value=33))
    db.session.commit()
    forget_site()
    page = client.get("/pages/privacy").text
    assert (
        "<td>33 dagen</td>" in page
        and "<td>365 dagen</td>" in page
        and "{" not in page[page.index("k-prose") :].split("</div>")[0]
    )


def test_what_the_manager_writes_is_cleaned(client: CheckingClient, cast: Cast) -> None:
    body = "<script>alert(1)</script><a href='javascript:x' hx-get='/x' onclick='x'>k</a> @otto-ander [[Pagina]]"
    services.edit("help", "<i>Hulp</i>", body, cast.manager)
    page = client.get("/pages/help").text
    for wrong in ("<script>", "javascript:", "hx-get='/x'", "onclick", "<i>", "/people/"):
        assert wrong not in page[page.index("<main") :], wrong


def test_help_leads_to_the_manager_with_the_page_one_came_from(
    client: CheckingClient, client_of: ClientOf
) -> None:
    footer = client.get("/wikis").text
    assert 'href="/pages/help?from=/wikis"' in footer
    page = client.get("/pages/help?from=/wikis%3Fx%3D1%26y").text
    assert 'href="/help-requests/new?from=/wikis%3Fx%3D1%26y"' in page
    for elsewhere in ("https://evil.example", "//evil.example", "javascript:alert(1)"):
        page = client.get("/pages/help", query_string={"from": elsewhere}).text
        assert 'href="/help-requests/new"' in page and "evil" not in page
    assert 'class="utrecht-button-link' not in client_of(None).get("/pages/help").text


def test_an_address_that_opens_something_is_not_passed_on(client_of: ClientOf, cast: Cast) -> None:
    for address in ("/password/reset/verlopen", "/pages/bestaat-niet"):
        page = client_of(None).get(address).text
        assert 'href="/pages/help"' in page and "from=" not in page


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
    assert table["Verbergen en terugzetten, en doorlaten wat wacht"][0] == "nee"
    assert table["Verbergen en terugzetten, en doorlaten wat wacht"][-1] == "ja"
    wiki = table["Wikipagina's maken, aanpassen, verplaatsen en terugzetten"]
    assert [cell.startswith("ja, mits") for cell in wiki] == [False, False, True] + [False] * 5
    assert set(wiki) - {wiki[2]} == {"nee"}
    assert table["Rollen geven en intrekken"][5].startswith("ja, mits ")


def test_it_tells_who_is_watching_as_the_policy_says(client: CheckingClient) -> None:
    page = client.get("/pages/who-may-what").text
    for said in (
        "ambassadeur, moderator en communitymanager", "communitymanager",
        "ambassadeur en communitymanager", "beheerder",
    ):  # fmt: skip
        assert f"deze rollen: {said}." in page or f"Deze rollen: {said}." in page


@pytest.mark.parametrize("role", Role)
def test_no_role_opens_a_closed_group(cast: Cast, role: Role) -> None:
    """The page says so in plain words; it must be true."""
    piece = discussion(cast.insider, group=cast.closed)
    reader = person("Rik Rol", role, theme=cast.theme)
    db.session.commit()
    assert not can(reader, Ability.READ, piece) and not can(reader, Ability.SEE_HIDDEN, piece)


def test_a_page_takes_a_fixed_number_of_statements(client: CheckingClient) -> None:
    client.get("/pages/help")
    with statements() as asked:
        client.get("/pages/who-may-what")
    assert len(asked) == 1
    with statements() as asked:
        client.get("/pages/help")
    assert len(asked) == 2
