"""The versions of a page: listed, read, compared, and brought back."""

from collections.abc import Callable

import pytest

from app.extensions import db
from app.models import User
from app.queries import pages as queries
from app.services import pages
from app.site import forget_site, site
from bench.statements import statements
from tests.cast import Cast
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
OLD = "Dit is de eerste regel.\n\nDit is nog een regel."
NEW = "Dit is de eerste regel.\n\nDit is weer een regel."
ADDRESSES = (
    "/pages/privacy/history", "/pages/privacy/versions/1", "/pages/privacy/diff/2/3",
    "/pages/privacy/compare?old=2&new=3",
)  # fmt: skip


@pytest.fixture
def versions(cast: Cast) -> None:
    """Give the privacy page two versions besides the one that ships."""
    pages.edit("privacy", "Privacy", OLD, cast.manager, note="Korter")
    pages.edit("privacy", "Privacy bij ons", NEW, cast.manager, note="<b>Anders</b>")
    db.session.commit()


def test_every_member_reads_which_versions_there_were(
    client: CheckingClient, versions: None
) -> None:
    page = client.get("/pages/privacy/history").text
    for said in (
        "3 versies",
        "Korter",
        "&lt;b&gt;Anders",
        "Mina Manager",
        "de tekst die bij Kring",
    ):
        assert said in page, said
    assert page.index("Versie 3") < page.index("Versie 2") < page.index("Versie 1")


def test_a_page_that_was_never_changed_has_one(client: CheckingClient) -> None:
    assert "1 versie" in client.get("/pages/help/history").text
    assert "Een vraag stellen" in client.get("/pages/help/versions/1").text
    assert client.get("/pages/help/versions/2").status_code == 404
    assert client.get("/pages/help/diff/1/2").status_code == 404


def test_an_old_version_says_that_it_no_longer_holds(
    client: CheckingClient, versions: None
) -> None:
    old = client.get("/pages/privacy/versions/2").text
    assert "nog een regel" in old and "Die geldt niet meer" in old and "/restore" not in old
    assert "Die geldt niet meer" not in client.get("/pages/privacy/versions/3").text


@pytest.mark.parametrize("view", ["side", "inline"])
def test_two_versions_are_compared(client: CheckingClient, versions: None, view: str) -> None:
    led = client.get("/pages/privacy/compare?old=3&new=2")
    assert led.headers["Location"] == "/pages/privacy/diff/2/3"
    page = client.get(f"/pages/privacy/diff/2/3?view={view}").text
    assert "<del>nog" in page and "<ins>weer" in page and "Privacy bij ons" in page
    assert client.get("/pages/privacy/diff/2/3?view=x").status_code == 404
    for wrong in ("", "?old=x&new=1", "?old=-1&new=2"):
        assert client.get(f"/pages/privacy/compare{wrong}").status_code == 404


def test_visitors_read_the_present_text_only(client_of: ClientOf, versions: None) -> None:
    visitor = client_of(None)
    for address in ADDRESSES:
        assert visitor.get(address).headers["Location"].startswith("/login"), address


def test_other_pages_have_no_versions(client: CheckingClient) -> None:
    for address in ADDRESSES[:-1]:
        assert client.get(address.replace("privacy", "base")).status_code == 404


def test_a_long_history_goes_on_another_page(client: CheckingClient, cast: Cast) -> None:
    for number in range(queries.VERSIONS_A_PAGE):
        pages.edit("help", "Hulp", f"Tekst {number}", cast.manager)
    db.session.commit()
    client.get("/pages/help/history")
    with statements() as asked:
        first = client.get("/pages/help/history").text
    assert len(asked) == 3
    assert "/pages/help/versions/2" in first and 'versions/1"' not in first
    assert 'versions/1"' in client.get("/pages/help/history?before=2").text
    for far in (10**30, -(10**30)):
        assert client.get(f"/pages/help/history?before={far}").status_code == 200


@pytest.mark.parametrize("htmx", [False, True])
def test_the_manager_brings_an_old_version_back(
    client_of: ClientOf, cast: Cast, versions: None, htmx: bool
) -> None:
    client, url = client_of(cast.manager), "/pages/privacy/versions/2/restore"
    assert f'href="{url}"' in client.get("/pages/privacy/versions/2").text
    assert "<ins>nog" in client.get(url).text
    answer = client.post(url, data={"version": 3, "note": "Toch"}, htmx=htmx)
    assert answer.status_code == (204 if htmx else 303)
    text = queries.current("privacy")
    assert (text.number, text.title, text.body) == (4, "Privacy", OLD)
    assert text.note == "Versie 2 teruggezet: Toch"
    client.post(url, data={"version": 4})
    assert queries.current("privacy").number == 4


def test_bringing_back_is_about_what_one_saw(
    client_of: ClientOf, cast: Cast, versions: None
) -> None:
    client, url = client_of(cast.manager), "/pages/privacy/versions/1/restore"
    assert client.post(url, data={"version": "x"}).status_code == 422
    late = client.post(url, data={"version": 2, "note": "Blijft staan"})
    assert late.status_code == 409 and "Blijft staan" in late.text and 'value="3"' in late.text
    assert queries.current("privacy").number == 3


def test_old_house_rules_have_to_be_accepted_again(client_of: ClientOf, cast: Cast) -> None:
    pages.edit("house-rules", "Huisregels", "## Een", cast.manager)
    cast.manager.accepted_rules = 2
    db.session.commit()
    client, url = client_of(cast.manager), "/pages/house-rules/versions/1/restore"
    assert client.post(url, data={"version": 2, "note": ""}).status_code == 422
    assert client.post(url, data={"version": 2, "note": "Toch"}).status_code == 303
    forget_site()
    assert site().rules_version == 3


def test_only_the_manager_may_bring_back(client_of: ClientOf, cast: Cast, versions: None) -> None:
    url = "/pages/privacy/versions/2/restore"
    for reader in (cast.member, cast.administrator):
        client = client_of(reader)
        assert client.get(url).status_code == 403
        assert client.post(url, data={"version": 3}).status_code == 403
    assert client_of(None).post(url, data={"version": 3}).status_code == 401
    assert client_of(cast.manager).get(url.replace("2", "9")).status_code == 404
