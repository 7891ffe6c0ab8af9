"""The environment wins over the settings page; what makes no sense stops the start."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from app import create_app
from app.config import ROOT
from app.extensions import Kring
from app.models import User
from app.site import BOUNDS, KNOWN, OWN, Site, fixed_by, site
from tests.cast import Cast
from tests.checking import CheckingClient
from tests.settings import change

ClientOf = Callable[[User | None], CheckingClient]


def test_each_kind_of_value_is_read() -> None:
    environ = {
        "KRING_SITE_NAME": "Kring Zorg", "KRING_SITE_SHOW_VIEWS": "0", "KRING_SITE_HELP_DAYS": " 4 ",
        "KRING_SITE_ENTRY_DOMAINS": "a.example, b.example,", "KRING_SITE_MODULES_OFF": "groups",
        "KRING_OTHER": "x",
    }  # fmt: skip
    assert fixed_by(environ) == {
        "name": "Kring Zorg", "show_views": False, "help_days": 4,
        "entry_domains": ("a.example", "b.example"), "modules_off": ("groups",),
    }  # fmt: skip


@pytest.mark.parametrize(
    "name, value, said",
    [
        ("NAAM", "x", "no such setting"), ("NAME", "", "has a name"), ("LOCALE", "fr", "nl, en"),
        ("SHOW_VIEWS", "maybe", "neither 1 nor 0"), ("HELP_DAYS", "veel", "no number"),
        ("HELP_DAYS", "0", "not between 1 and 30"), ("MAIL_PORT", "70000", "not between"),
        ("MODULES_OFF", "discussions", "'discussions' is not one of wikis, groups"),
        ("MAIL_SECURITY", "rot13", "not one of"),
        *((name.upper(), "x", "no such setting") for name in sorted(OWN)),
    ],
)  # fmt: skip
def test_a_value_that_makes_no_sense_is_refused(name: str, value: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as caught:
        fixed_by({f"KRING_SITE_{name}": value})
    assert str(caught.value).startswith(f"KRING_SITE_{name}: ")


def test_first_values_are_within_their_bounds() -> None:
    for name, (least, most) in BOUNDS.items():
        assert least <= getattr(Site(), name) <= most, name
    for name, known in KNOWN.items():
        value = getattr(Site(), name)
        assert value in known or value == (), name


@pytest.mark.usefixtures("app")
def test_the_server_does_not_start_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KRING_SITE_LOCALE", "fr")
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve"]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert done.stderr.strip() == "Kring cannot start: KRING_SITE_LOCALE: 'fr' is not one of nl, en"


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the environment decide the name and the closed rooms."""
    monkeypatch.setenv("KRING_SITE_NAME", "Kring van de server")
    monkeypatch.setenv("KRING_SITE_MODULES_OFF", "groups")


@pytest.fixture
def app(named: None, app: Kring) -> Kring:
    """Return the application, made after the environment was set."""
    return app


def test_the_environment_wins(app: Kring, cast: Cast) -> None:
    change(tagline="Samen")
    assert (site().name, site().tagline) == ("Kring van de server", "Samen")


def test_the_page_says_so_and_does_not_take_another(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.administrator)
    page = client.get("/settings/general").text
    assert "Deze variabelen gaan voor" in page and "<code>KRING_SITE_NAME</code>" in page
    field = page[page.index("<input", page.index('for="name"')) :].partition(">")[0]
    assert "disabled" in field and "Kring van de server" in field
    data = {"name": "Van de pagina", "municipality": "Voorbeeldstad", "tagline": "", "locale": "nl"}
    assert client.post("/settings/general", data=data).status_code == 303
    assert (site().name, site().municipality) == ("Kring van de server", "Voorbeeldstad")
    boxes = client.get("/settings/modules").text
    assert "KRING_SITE_MODULES_OFF" in boxes and "disabled" in boxes
    client.post("/settings/modules", data={"modules_off": ["wikis", "groups"]})
    assert site().modules_off == ("groups",)


def test_the_environment_is_read_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KRING_SITE_HELP_DAYS", "x")
    with pytest.raises(ValueError, match="KRING_SITE_HELP_DAYS"):
        create_app({"TESTING": True})
