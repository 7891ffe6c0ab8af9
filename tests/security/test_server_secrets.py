"""What the environment keeps secret is on no page, in no error and in no log."""

import logging
from collections.abc import Callable

import pytest

from app.access import DECLARED, public
from app.extensions import Kring
from app.models import User
from tests.cast import Cast
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
CANARIES = ("kanarie-sleutel", "kanarie-mailwachtwoord", "kanarie-database", "kanarie-anders")


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a word in each secret that the environment can hold."""
    monkeypatch.setenv("KRING_SECRET_KEY", CANARIES[0])
    monkeypatch.setenv("KRING_MAIL_URL", f"smtps://kring:{CANARIES[1]}@mail.voorbeeldstad.example")
    monkeypatch.setenv("KRING_REDIS_URL", f"redis://:{CANARIES[3]}@redis.example/0")


@pytest.fixture
def app(secrets: None, app: Kring) -> Kring:
    """Return the application, with a view that fails."""
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @public
    def fault() -> str:
        raise ValueError("a fault of ours")

    app.add_url_rule("/fault", view_func=fault)
    return app


def test_no_secret_is_shown(
    app: Kring, cast: Cast, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    # The tests' own database has no password: its address is only read for its name from here on.
    address = app.config["SQLALCHEMY_DATABASE_URI"]
    app.config["SQLALCHEMY_DATABASE_URI"] = f"postgresql://kring:{CANARIES[2]}@db.example/kring"
    monkeypatch.setenv("KRING_DATABASE_URL", app.config["SQLALCHEMY_DATABASE_URI"])
    client = client_of(cast.administrator)
    with caplog.at_level(logging.DEBUG):
        paths = settings_pages(app)
        assert "/settings/server" in paths and len(paths) > 5
        for path in (*paths, "/fault", "/settings/none"):
            answer = client.get(path)
            body = answer.get_data(as_text=True) + str(answer.headers)
            assert not [word for word in CANARIES if word in body], path
        server = client.get("/settings/server").text
    assert "<code>KRING_SECRET_KEY</code>" in server and "<code>KRING_MAIL_URL</code>" in server
    assert not [word for word in CANARIES if word in caplog.text]
    app.config["SQLALCHEMY_DATABASE_URI"] = address


def settings_pages(app: Kring) -> list[str]:
    """Return the address of every page of the settings that names nothing further."""
    return sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("settings.")
        and not rule.arguments
        and "GET" in (rule.methods or ())
        and hasattr(app.view_functions[rule.endpoint], DECLARED)
    )
