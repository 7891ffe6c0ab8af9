"""T25: a password that the administrator typed turns up nowhere but in its own file."""

import logging
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.config import ROOT
from app.extensions import Kring
from app.models import User
from app.services import outbox
from tests.cast import Cast
from tests.checking import CheckingClient
from tests.mail_peer import asking_who, free_port, serving
from tests.security.database import dump

ClientOf = Callable[[User | None], CheckingClient]
CANARY = "kanarie-Wachtwoord-7"
MAIL, TEST = "/settings/mail", "/settings/mail/test"


def filled_in(port: int, **changes: object) -> dict[str, object]:
    filled = {
        "mail_host": "127.0.0.1", "mail_port": port, "mail_security": "none",
        "mail_username": "kring", "password": CANARY, "recipient": "a@voorbeeldstad.example",
    }  # fmt: skip
    return filled | changes


def pages(client: CheckingClient) -> set[str]:
    """Return the addresses of all settings pages, and of what else tells of settings."""
    found = set(re.findall(r'href="(/settings[^"#]*)"', client.get("/settings").text))
    for path in sorted(found):
        found |= set(re.findall(r'href="(/settings[^"#]*)"', client.get(path).text))
    return found | {"/", "/account", "/moderation/log", "/moderation/log.csv", "/bestaat-niet"}


@pytest.mark.parametrize("by_environment", [False, True])
def test_a_password_is_never_shown(
    app: Kring,
    cast: Cast,
    client_of: ClientOf,
    caplog: pytest.LogCaptureFixture,
    *,
    by_environment: bool,
) -> None:
    caplog.set_level(logging.DEBUG)
    client, manager = client_of(cast.administrator), client_of(cast.manager)
    told = []
    with serving(**asking_who()) as peer:
        told += [client.post(TEST, data=filled_in(port)) for port in (peer.port, free_port())]
        told.append(client.post(MAIL, data=filled_in(peer.port, mail_port="onzin")))
        told.append(client.post(MAIL, data=filled_in(peer.port), csrf=False))
        told.append(client.post(MAIL, data=filled_in(peer.port)))
        if by_environment:
            app.config["MAIL_URL"] = f"smtp://kring:{CANARY}@127.0.0.1:{peer.port}"
        told.append(client.post(TEST, data=filled_in(peer.port, password="")))
        client_of(None).post("/password/forgot", data={"email": cast.member.email})
        outbox.deliver_due()
    paths = pages(client)
    assert {"/settings/mail", "/settings/log.csv", "/settings/server"} <= paths
    told += [reader.get(path) for path in sorted(paths) for reader in (client, manager)]
    for answer in told:
        assert CANARY not in answer.get_data(as_text=True) + str(answer.headers)
    assert (app.config["INSTANCE"] / "mail_password").read_text() == CANARY
    assert CANARY not in str(dump(app)) and CANARY not in caplog.text


def test_who_must_sign_in_first_sends_no_password_along(cast: Cast, client_of: ClientOf) -> None:
    """A form that comes too late is kept for after signing in, but not its password."""
    answer = client_of(None).post(MAIL, data=filled_in(25))
    assert answer.status_code == 401 and CANARY not in answer.text


def test_a_fault_of_ours_tells_nothing(
    app: Kring, cast: Cast, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    def fails(*_given: object) -> None:
        raise RuntimeError("kapot")

    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr("app.lib.mailer.send", fails)
    answer = client_of(cast.administrator).post(TEST, data=filled_in(25))
    assert answer.status_code == 500
    assert CANARY not in answer.text + caplog.text
    assert "kapot" in caplog.text


def test_doctor_tells_nothing(
    app: Kring, cast: Cast, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the settings, and of the environment."""
    client_of(cast.administrator).post(MAIL, data=filled_in(free_port()))
    for url in ("", f"smtp://kring:{CANARY}@127.0.0.1:{free_port()}"):
        monkeypatch.setenv("KRING_MAIL_URL", url)
        command = [str(Path(sys.executable).with_name("flask")), "--app", "wsgi", "doctor"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert "De mailserver antwoordt niet" in done.stdout
        assert CANARY not in done.stdout + done.stderr
