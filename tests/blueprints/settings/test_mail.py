"""/settings/mail: by which server mail leaves, tried before it is saved."""

import socket
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.extensions import Kring, db
from app.lib import mailer
from app.models import LogEntry, Setting, User
from app.services import attempts
from tests.cast import Cast
from tests.checking import CheckingClient
from tests.mail_peer import (
    PASSWORD,
    USER,
    Peer,
    asking_who,
    free_port,
    make_certificate,
    serving,
)

ClientOf = Callable[[User | None], CheckingClient]
URL, TEST = "/settings/mail", "/settings/mail/test"


@pytest.fixture
def administrator(cast: Cast, client_of: ClientOf) -> CheckingClient:
    """Return a client of the administrator."""
    return client_of(cast.administrator)


@pytest.fixture
def peer() -> Iterator[Peer]:
    """Return a mail server that asks who one is."""
    with serving(**asking_who()) as made:
        yield made


def filled_in(peer: Peer | None = None, **changes: Any) -> dict[str, object]:
    filled = {
        "mail_host": "127.0.0.1", "mail_port": peer.port if peer else 587,
        "mail_security": "none" if peer else "starttls", "mail_username": USER,
        "password": PASSWORD, "mail_from": "kring@voorbeeldstad.example",
        "recipient": "beheer@voorbeeldstad.example",
    }  # fmt: skip
    return filled | changes


def stored() -> dict[str, object]:
    rows = db.session.execute(select(Setting.key, Setting.value))
    return {key: value for key, value in rows if key.startswith("mail")}


def password_file(app: Kring) -> Path:
    return Path(app.config["INSTANCE"]) / "mail_password"


@pytest.mark.parametrize("htmx", [False, True])
def test_it_is_kept_and_the_password_apart(
    app: Kring, administrator: CheckingClient, *, htmx: bool
) -> None:
    assert "Er vertrekt nog geen mail" in administrator.get(URL).text
    answer = administrator.post(URL, data=filled_in(), htmx=htmx)
    assert answer.status_code == (204 if htmx else 303)
    file = password_file(app)
    assert file.read_text() == PASSWORD
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.glob(".secret*")] == []
    kept = stored()
    assert kept["mail_host"] == "127.0.0.1" and PASSWORD not in str(kept)
    page = administrator.get(URL).text
    assert PASSWORD not in page and "Er is een wachtwoord bewaard" in page
    logged = {e.subject_label: e.result for e in db.session.scalars(select(LogEntry))}
    assert logged["mail_password"] == " → •••" and logged["mail_host"] == " → 127.0.0.1"
    assert "Wachtwoord bij de mailserver" in administrator.get("/settings/log").text


def test_an_empty_password_keeps_what_there_is(app: Kring, administrator: CheckingClient) -> None:
    administrator.post(URL, data=filled_in())
    changed = filled_in(password="", mail_from="anders@voorbeeldstad.example")
    assert administrator.post(URL, data=changed).status_code == 303
    assert password_file(app).read_text() == PASSWORD
    assert stored()["mail_from"] == "anders@voorbeeldstad.example"


@pytest.mark.parametrize(
    "changes",
    [{"forget": "y", "mail_username": ""}, {"mail_username": ""}, {"mail_host": ""}],
)
def test_it_is_forgotten_with_what_it_was_for(
    app: Kring, administrator: CheckingClient, changes: dict[str, Any]
) -> None:
    administrator.post(URL, data=filled_in())
    answer = administrator.post(URL, data=filled_in(None, password="", **changes))
    assert answer.status_code == 303
    assert not password_file(app).exists()
    last = db.session.scalars(select(LogEntry).where(LogEntry.subject_label == "mail_password"))
    assert [entry.result for entry in last] == [" → •••", "••• → "]


@pytest.mark.parametrize(
    "changes",
    [
        {"mail_host": "127.0.0.2"}, {"mail_port": "2525"}, {"mail_security": "none"},
        {"mail_username": "ander"}, {"forget": "y"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("url", [URL, TEST])
def test_the_kept_password_goes_to_no_other_server(
    app: Kring, administrator: CheckingClient, changes: dict[str, Any], url: str
) -> None:
    """Else who changes the server, or only tries another one, could read it there."""
    administrator.post(URL, data=filled_in())
    before = stored()
    answer = administrator.post(url, data=filled_in(None, password="", **changes))
    assert answer.status_code == 422
    assert 'id="password-error"' in answer.text
    assert stored() == before and password_file(app).read_text() == PASSWORD


@pytest.mark.parametrize(
    "name, wrong",
    [
        ("mail_host", "smtp://voorbeeldstad.nl"), ("mail_host", "smtp.voorbeeldstad.nl:25"),
        ("mail_host", "a b"), ("mail_host", "u@h"), ("mail_host", "x" * 254),
        ("mail_host", "169.254.169.254"), ("mail_host", "::ffff:169.254.169.254"),
        ("mail_host", "fe80::1"), ("mail_port", "0"), ("mail_port", "65536"),
        ("mail_port", "vijf"), ("mail_port", ""), ("mail_security", "ssl"),
        ("mail_username", "x" * 255), ("password", ""), ("password", "a\x07b"),
        ("mail_from", "Kring"), ("mail_from", "a@b.nl, c@d.nl"), ("recipient", "wie dan ook"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(
    app: Kring, administrator: CheckingClient, name: str, wrong: str
) -> None:
    answer = administrator.post(URL, data=filled_in(None, **{name: wrong}))
    assert answer.status_code == 422
    assert f'id="{name}-error"' in answer.text
    assert not stored() and not password_file(app).exists()
    if name != "mail_from":
        assert 'value="kring@voorbeeldstad.example"' in answer.text, "what was typed is kept"
    assert PASSWORD not in answer.text


@pytest.mark.parametrize("name", ["member", "manager", "moderator"])
def test_it_is_the_administrator_s(cast: Cast, client_of: ClientOf, name: str) -> None:
    client = client_of(getattr(cast, name))
    assert client.get(URL).status_code == 403
    for url in (URL, TEST):
        assert client.post(url, data=filled_in()).status_code == 403
    assert not stored()


def test_visitors_sign_in_first(cast: Cast, client_of: ClientOf) -> None:
    assert client_of(None).get(URL).location.startswith("/login")
    assert client_of(None).post(TEST, data=filled_in()).status_code == 401


# The test -------------------------------------------------------------------------------------


@pytest.mark.parametrize("htmx", [False, True])
def test_a_mail_leaves_before_anything_is_saved(
    app: Kring, administrator: CheckingClient, peer: Peer, *, htmx: bool
) -> None:
    answer = administrator.post(TEST, data=filled_in(peer), htmx=htmx)
    assert answer.status_code == 200
    assert "De mailserver heeft de test aangenomen" in answer.text
    assert ("<form" in answer.text) != htmx
    assert PASSWORD not in answer.text
    if not htmx:
        assert f'value="{USER}"' in answer.text and f'value="{peer.port}"' in answer.text
        assert "Vul het wachtwoord nog een keer in" in answer.text
    [mail] = peer.mails()
    assert mail["To"] == "beheer@voorbeeldstad.example"
    assert mail["From"] == "kring@voorbeeldstad.example"
    assert "de mailserver werkt" in mail.get_content().lower()  # type: ignore[attr-defined]  # of EmailMessage
    assert not stored() and not password_file(app).exists()


def test_it_goes_to_oneself_unless_told_otherwise(
    administrator: CheckingClient, cast: Cast
) -> None:
    assert f'value="{cast.administrator.email}"' in administrator.get(URL).text


def test_the_kept_password_serves_for_a_test(administrator: CheckingClient, peer: Peer) -> None:
    assert administrator.post(URL, data=filled_in(peer)).status_code == 303
    answer = administrator.post(TEST, data=filled_in(peer, password=""))
    assert answer.status_code == 200 and len(peer.taken) == 1
    assert "nog een keer" not in answer.text


def said(administrator: CheckingClient, **changes: object) -> str:
    """Return what the page says of a test that does not succeed."""
    answer = administrator.post(TEST, data=changes)
    assert answer.status_code == 200
    assert "De test is niet gelukt" in answer.text and "Traceback" not in answer.text
    assert PASSWORD not in answer.text and not stored()
    return answer.text


def test_a_wrong_password(administrator: CheckingClient, peer: Peer) -> None:
    page = said(administrator, **filled_in(peer, password="verkeerd"))
    assert "accepteert deze gebruikersnaam en dit wachtwoord niet" in page
    assert not peer.taken


@pytest.mark.parametrize("which, words", [("senders", "van deze afzender"), ("recipients", "voor dit adres")])  # fmt: skip
def test_a_refused_address(
    administrator: CheckingClient, peer: Peer, which: str, words: str
) -> None:
    setattr(peer, which, "550 kanariewoord")
    page = said(administrator, **filled_in(peer))
    assert words in page and "kanariewoord" not in page


def test_a_refused_mail(administrator: CheckingClient, peer: Peer) -> None:
    peer.answers += ["554 kanariewoord"]
    page = said(administrator, **filled_in(peer))
    assert "(code 554)" in page and "kanariewoord" not in page


def test_nobody_at_home(administrator: CheckingClient) -> None:
    page = said(administrator, **filled_in(mail_port=free_port()))
    assert "antwoordt niets" in page


def test_a_name_that_there_is_not(
    administrator: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No test asks a name server: what one would answer is put in its place."""

    def unknown(*_asked: object, **_more: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr("app.lib.mailer.socket.getaddrinfo", unknown)
    page = said(administrator, **filled_in(mail_host="smtp.bestaat-niet.example"))
    assert "geen server met de naam smtp.bestaat-niet.example" in page


def test_a_name_that_leads_to_the_machine_s_own_secrets(
    administrator: CheckingClient, monkeypatch: pytest.MonkeyPatch, peer: Peer
) -> None:
    """A name server can say anything: looked at is where a name leads, and only there it goes."""
    here = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", peer.port))
    cloud = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("169.254.169.254", peer.port))
    tried: list[object] = []
    monkeypatch.setattr("app.lib.mailer.socket.getaddrinfo", lambda *_a, **_k: [here, cloud])
    monkeypatch.setattr("app.lib.mailer.socket.create_connection", lambda *a, **_k: tried.append(a))
    page = said(administrator, **filled_in(peer, mail_host="smtp.voorbeeldstad.example"))
    assert "Daarom gaat Kring daar niet heen" in page
    assert not tried and not peer.taken


def test_a_certificate_that_nobody_vouches_for(
    administrator: CheckingClient, tmp_path: Path
) -> None:
    context = make_certificate(tmp_path).context()
    with serving(ssl_context=context) as peer:
        page = said(administrator, **filled_in(peer, mail_security="tls"))
        assert "Het certificaat van 127.0.0.1 klopt niet" in page
    with serving(tls_context=context) as peer:
        page = said(administrator, **filled_in(peer, mail_security="starttls"))
        assert "Het certificaat van 127.0.0.1 klopt niet" in page
        assert not peer.taken


def test_another_protection_than_the_server_has(administrator: CheckingClient, peer: Peer) -> None:
    assert "gebruikt geen TLS" in said(administrator, **filled_in(peer, mail_security="tls"))
    page = said(administrator, **filled_in(peer, mail_security="starttls"))
    assert "kent deze beveiliging niet" in page


@pytest.fixture
def odd() -> Iterator[tuple[socket.socket, list[bytes]]]:
    """Return a server that says what it is told, and nothing more."""
    says: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        open_: list[socket.socket] = []

        def answer() -> None:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            open_.append(connection)
            if says:
                connection.sendall(says[0])
                connection.close()

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield listener, says
        listener.close()
        for connection in open_:
            connection.close()
    thread.join(5)


def test_what_is_no_mail_server(
    administrator: CheckingClient, odd: tuple[socket.socket, list[bytes]]
) -> None:
    listener, says = odd
    says.append(b"SSH-2.0-kanariewoord\r\n")
    page = said(
        administrator, **filled_in(mail_port=listener.getsockname()[1], mail_security="none")
    )
    assert "geen mailserver" in page or "weigerde de mail" in page
    assert "kanariewoord" not in page


def test_a_server_that_says_nothing(
    administrator: CheckingClient,
    odd: tuple[socket.socket, list[bytes]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mailer, "SECONDS", 1)
    port = odd[0].getsockname()[1]
    page = said(administrator, **filled_in(mail_port=port, mail_security="none"))
    assert "antwoordde niet binnen 1 seconden" in page


@pytest.mark.parametrize("name", ["mail_host", "recipient", "password", "mail_port"])
@pytest.mark.parametrize("htmx", [False, True])
def test_there_must_be_something_to_try(
    administrator: CheckingClient, peer: Peer, name: str, *, htmx: bool
) -> None:
    answer = administrator.post(TEST, data=filled_in(peer, **{name: ""}), htmx=htmx)
    assert answer.status_code == 422
    assert f'href="#{name}"' in answer.text
    assert not peer.taken


def test_it_is_no_way_to_look_around(administrator: CheckingClient, peer: Peer, cast: Cast) -> None:
    """Ten tries in an hour are enough to get mail going, and too few to scan a network."""
    most = attempts.TESTS_OF_ACCOUNT[0].most
    for _ in range(most):
        said(administrator, **filled_in(mail_port=free_port()))
    for htmx in (False, True):
        answer = administrator.post(TEST, data=filled_in(peer), htmx=htmx)
        assert answer.status_code == 429 and "Wacht een uur" in answer.text
    assert not peer.taken


# The environment ------------------------------------------------------------------------------


def test_the_environment_wins(app: Kring, administrator: CheckingClient, peer: Peer) -> None:
    app.config["MAIL_URL"] = f"smtp://{USER}:{PASSWORD.replace('&', '%26')}@127.0.0.1:{peer.port}"
    page = administrator.get(URL).text
    assert "KRING_MAIL_URL" in page and "smtp://127.0.0.1<" in page
    assert USER + ":" not in page and "Zeer-geheim" not in page and 'name="mail_host"' not in page
    answer = administrator.post(TEST, data={"recipient": "x@voorbeeldstad.example"})
    assert answer.status_code == 200 and len(peer.taken) == 1
    answer = administrator.post(TEST, data={"recipient": "onzin"})
    assert answer.status_code == 422 and 'id="recipient-error"' in answer.text
    assert administrator.post(URL, data=filled_in()).status_code == 409
    assert not stored() and not password_file(app).exists()


def test_a_fixed_setting_stays_what_it_is(
    app: Kring, administrator: CheckingClient, peer: Peer
) -> None:
    app.extensions["kring_site_fixed"] = {"mail_host": "127.0.0.1"}
    page = administrator.get(URL).text
    assert "KRING_SITE_MAIL_HOST" in page
    sent = filled_in(peer, mail_host="elders.example")
    assert administrator.post(TEST, data=sent).status_code == 200
    assert len(peer.taken) == 1


def test_what_is_saved_is_what_mail_leaves_by(
    app: Kring, administrator: CheckingClient, peer: Peer, client_of: ClientOf, cast: Cast
) -> None:
    administrator.post(URL, data=filled_in(peer))
    client_of(None).post("/password/forgot", data={"email": cast.member.email})
    [mail] = peer.mails()
    assert mail["To"] == cast.member.email
