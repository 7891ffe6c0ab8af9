"""The log of the settings, and how the server runs."""

import csv
from collections.abc import Callable

import pytest

from app.blueprints.settings.labels import LABELS, change_in_words, label_of
from app.extensions import db
from app.models import User
from app.services import settings
from app.site import FIELDS
from tests.cast import Cast
from tests.checking import CheckingClient
from tests.settings import change

Clients = Callable[[User | None], CheckingClient]


def test_every_setting_has_a_label() -> None:
    assert set(LABELS) >= set(FIELDS)


@pytest.mark.parametrize(
    "result, words",
    [
        ("true → false", ("aan", "uit")), (" → Zorg", ("(leeg)", "Zorg")), ("2 → 3", ("2", "3")),
        ('[] → ["a", "b"]', ("(leeg)", "a, b")), ('["a… → []', ('["a…', "(leeg)")),
        ("iets", ("", "iets")),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("app_context")
def test_values_are_told_in_words(app_context: None, result: str, words: tuple[str, str]) -> None:
    assert change_in_words(result) == words


@pytest.mark.usefixtures("app_context")
def test_a_setting_that_is_gone_goes_by_its_own_name() -> None:
    assert label_of("vroeger") == "vroeger"


def test_the_log_tells_who_changed_what(cast: Cast, client_of: Clients) -> None:
    client = client_of(cast.administrator)
    assert "Er is nog niets gewijzigd" in client.get("/settings/log").text
    settings.change({"name": "Kring <b>Zorg"}, cast.administrator)
    db.session.commit()
    change(show_views=False)
    page = client.get("/settings/log").text
    assert page.index("Lezers tellen en tonen") < page.index("Naam van de community")
    assert "<del>Kring</del>" in page and "<ins>Kring &lt;b&gt;Zorg</ins>" in page
    assert "Bram Beheer" in page and "<del>aan</del>" in page


def test_the_log_goes_on_from_page_to_page(cast: Cast, client_of: Clients) -> None:
    for number in range(60):
        settings.change({"tagline": f"regel {number}."}, cast.administrator)
    db.session.commit()
    client = client_of(cast.administrator)
    page = client.get("/settings/log").text
    assert "<ins>regel 59.</ins>" in page and "<ins>regel 9.</ins>" not in page
    older = page.split("after=")[1].split('"')[0]
    assert "<ins>regel 9.</ins>" in client.get(f"/settings/log?after={older}").text
    assert client.get("/settings/log?after=onzin").status_code == 404


def test_the_log_as_a_spreadsheet(cast: Cast, client_of: Clients) -> None:
    settings.change({"name": "=1+1", "entry_domains": ["a.example"]}, cast.administrator)
    db.session.commit()
    answer = client_of(cast.administrator).get("/settings/log.csv")
    assert answer.mimetype == "text/csv"
    rows = list(csv.reader(answer.text.lstrip("\ufeff").splitlines(), delimiter=";"))
    assert rows[0] == ["Wanneer", "Door wie", "Instelling", "Daarvoor", "Daarna"]
    assert rows[1][1:] == [
        "Bram Beheer",
        "Maildomeinen die een account kunnen maken",
        "(leeg)",
        "a.example",
    ]
    assert rows[2][4].lstrip("'\t") == "=1+1" and rows[2][4] != "=1+1", "no formula"


def test_the_server_tells_how_it_runs(
    cast: Cast, client_of: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KRING_PROXIES", "1")
    page = client_of(cast.administrator).get("/settings/server").text
    assert "SQLite" in page or "PostgreSQL" in page
    assert "<code>KRING_PROXIES</code>" in page and "docs/install.md" in page


@pytest.mark.parametrize("path", ["/settings/log", "/settings/log.csv", "/settings/server"])
def test_it_is_for_administrators(cast: Cast, client_of: Clients, path: str) -> None:
    for user in (cast.member, cast.moderator, cast.manager):
        assert client_of(user).get(path).status_code == 403
    assert client_of(None).get(path).status_code == 303
