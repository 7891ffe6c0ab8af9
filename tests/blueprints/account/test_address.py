"""/account/address: another e-mail address, confirmed by mail at both ends."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from app.extensions import db
from app.lib import mailer
from app.lib.clock import now
from app.models import (
    AddressChange,
    Attempt,
    AttemptKind,
    LogEntry,
    OutgoingMail,
    Token,
    User,
    UserSession,
)
from app.services import attempts, jobs
from tests.cast import PASSWORD, Cast
from tests.checking import CheckingClient
from tests.mailbox import mails, text_of

ClientOf = Callable[[User | None], CheckingClient]
PATH = "/account/address"
OLD, NEW = "lotte-lid@voorbeeldstad.example", "lotte@nieuw.example"
ASK = {"email": NEW, "current_password": PASSWORD}
OVER = "Deze link werkt niet meer"


@pytest.fixture
def visitor(cast: Cast, client_of: ClientOf) -> CheckingClient:
    """Return a client that nobody signed in on."""
    return client_of(None)


def link(address: str, kind: str = "confirm") -> str:
    """Return the path of a link in the newest mail to an address."""
    found = re.findall(
        rf"http://127\.0\.0\.1:8000(/account/address/{kind}/\S+)", text_of(mails(address)[-1])
    )
    assert len(found) == 1
    return str(found[0])


def asked(client: CheckingClient) -> tuple[str, str]:
    """Ask for another address; return the links of the old and of the new end."""
    answer = client.post(PATH, data=ASK)
    assert answer.status_code == 303 and answer.location == PATH
    return link(OLD), link(NEW)


def number(model: type[object]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def address_of(user: User) -> str:
    db.session.refresh(user)
    return user.email


@pytest.mark.parametrize("path", [PATH, f"{PATH}/cancel"])
def test_visitors_sign_in_first(visitor: CheckingClient, path: str) -> None:
    assert visitor.post(path, data=ASK).status_code == 401
    assert visitor.get(PATH).location == f"/login?next={PATH}"


@pytest.mark.parametrize("first", [0, 1])
def test_the_address_changes_when_both_ends_have_confirmed(
    client: CheckingClient, visitor: CheckingClient, cast: Cast, first: int
) -> None:
    links = asked(client)
    page = client.get(PATH).text
    assert page.count("Nog niet bevestigd") == 2 and NEW in page and OLD in page
    assert visitor.get(links[first]).status_code == 200
    assert "Nog één ding" in visitor.post(links[first]).text
    assert address_of(cast.member) == OLD
    assert client.get(PATH).text.count("Nog niet bevestigd") == 1
    done = visitor.post(links[1 - first])
    assert done.status_code == 200 and "Je e-mailadres is gewijzigd" in done.text
    assert address_of(cast.member) == NEW
    told = [mails(address)[-1] for address in (OLD, NEW)]
    assert all("is gewijzigd" in str(mail["Subject"]) and NEW in text_of(mail) for mail in told)
    entry = db.session.scalars(select(LogEntry)).one()
    assert (entry.action, entry.actor_id) == ("address_changed", cast.member.id)
    assert NEW not in f"{entry.reason}{entry.result}{entry.subject_label}"
    login = {"email": NEW, "password": PASSWORD}
    assert visitor.post("/login", data=login).status_code == 303
    assert number(AddressChange) == number(Token) == 0


def test_other_sessions_end_and_the_own_one_stays(
    client: CheckingClient, cast: Cast, visitor: CheckingClient
) -> None:
    links = asked(client)
    db.session.add(UserSession(user_id=cast.member.id, token_hash="elders"))
    db.session.commit()
    visitor.post(links[0])
    assert client.post(links[1]).status_code == 200
    assert client.get("/account").status_code == 200
    assert number(UserSession) == 1


def test_all_sessions_end_when_it_is_confirmed_elsewhere(
    client: CheckingClient, cast: Cast, visitor: CheckingClient, client_of: ClientOf
) -> None:
    links = asked(client)
    visitor.post(links[0])
    assert client_of(cast.other).post(links[1]).status_code == 200
    assert client.get("/account").status_code == 303


def test_htmx_is_sent_on(client: CheckingClient) -> None:
    assert client.post(PATH, data=ASK, htmx=True).headers["HX-Redirect"] == PATH
    assert client.post(f"{PATH}/cancel", htmx=True).headers["HX-Redirect"] == PATH


@pytest.mark.parametrize(
    "field, value",
    [("email", ""), ("email", "geen adres"), ("email", "a@b"), ("email", OLD.upper()),
     ("email", f"{NEW}\r\nBcc: x@y.example"), ("email", "x" * 250 + "@a.example"),
     ("current_password", ""), ("current_password", "dit-is-het-niet")],
)  # fmt: skip
def test_what_is_wrong_is_pointed_out(client: CheckingClient, field: str, value: str) -> None:
    answer = client.post(PATH, data=ASK | {field: value})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text and PASSWORD not in answer.text
    assert field == "email" or f'value="{NEW}"' in answer.text
    assert number(AddressChange) == number(Token) == len(mails()) == 0


def test_guessing_the_password_is_slowed(client: CheckingClient) -> None:
    wrong = ASK | {"current_password": "dit-is-het-niet"}
    tries = [client.post(PATH, data=wrong).status_code for _ in range(11)]
    assert tries == [422] * 10 + [429]
    assert client.post(PATH, data=ASK).status_code == 429


def test_nobody_is_flooded_with_mail(client: CheckingClient, cast: Cast) -> None:
    most = attempts.CHANGES_OF_ACCOUNT[0].most
    tries = [client.post(PATH, data=ASK).status_code for _ in range(most + 1)]
    assert tries == [303] * most + [429]
    assert len(mails(NEW)) == most
    kind = Attempt.kind == AttemptKind.ADDRESS_CHANGE
    assert len(db.session.scalars(select(Attempt).where(kind)).all()) == 2 * most


def test_looking_does_not_use_a_link_up(client: CheckingClient, visitor: CheckingClient) -> None:
    for path in (*asked(client), link(OLD, "cancel")):
        for _time in range(2):
            assert visitor.get(path).status_code == 200
            assert visitor.head(path).status_code == 200
    assert client.get(PATH).text.count("Nog niet bevestigd") == 2


def test_a_link_works_once_and_for_its_own_end(
    client: CheckingClient, visitor: CheckingClient, cast: Cast
) -> None:
    old, _new = asked(client)
    assert visitor.post(old).status_code == 200
    for answer in (visitor.post(old), visitor.get(old)):
        assert answer.status_code == 410 and OVER in answer.text
    assert address_of(cast.member) == OLD, "the old end twice is not both ends"


def test_a_link_is_good_for_nothing_else(
    client: CheckingClient, visitor: CheckingClient, cast: Cast
) -> None:
    visitor.post("/password/forgot", data={"email": OLD})
    reset = text_of(mails(OLD)[-1]).split("/password/reset/")[1].split()[0]
    old, new = (path.rpartition("/")[2] for path in asked(client))
    for token in (old, new):
        assert visitor.get(f"/password/reset/{token}").status_code == 410
        assert (
            visitor.post(f"/password/reset/{token}", data={"new_password": NEW}).status_code == 410
        )
    for kind in ("confirm", "cancel"):
        assert visitor.post(f"{PATH}/{kind}/{reset}").status_code == 410
    assert visitor.get(f"{PATH}/cancel/{new}").status_code == 410
    assert visitor.post(f"{PATH}/cancel/{new}").status_code == 410, "the new end cannot stop it"
    assert number(AddressChange) == 1


def test_a_link_works_for_a_day(
    client: CheckingClient, visitor: CheckingClient, cast: Cast
) -> None:
    old, new = asked(client)
    with time_machine.travel(now() + timedelta(hours=24, minutes=1)):
        for path in (old, new, link(OLD, "cancel")):
            assert visitor.get(path).status_code == 410
            assert visitor.post(path).status_code == 410
        assert "Huidig wachtwoord" in client.get(PATH).text
        jobs.tidy()
        assert number(AddressChange) == 0
    assert address_of(cast.member) == OLD


def test_asking_again_ends_the_links_before(
    client: CheckingClient, visitor: CheckingClient, cast: Cast
) -> None:
    before = asked(client)
    after = asked(client)
    for path in before:
        assert visitor.post(path).status_code == 410
    for path in after:
        assert visitor.post(path).status_code == 200
    assert address_of(cast.member) == NEW


def test_another_password_ends_it(
    client: CheckingClient, visitor: CheckingClient, cast: Cast
) -> None:
    links = asked(client)
    visitor.post(links[0])
    change = {"current_password": PASSWORD, "new_password": "vier-natte-olifanten-zwijgen"}
    assert client.post("/account/security", data=change).status_code == 303
    assert number(AddressChange) == 0
    for path in links:
        assert visitor.post(path).status_code == 410
    assert address_of(cast.member) == OLD


def test_it_ends_with_the_account(
    client: CheckingClient, visitor: CheckingClient, cast: Cast
) -> None:
    links = asked(client)
    cast.member.deactivated_at = now()
    db.session.commit()
    for path in links:
        assert visitor.get(path).status_code == 410
        assert visitor.post(path).status_code == 410
    assert address_of(cast.member) == OLD


def test_one_keeps_the_present_address(
    client: CheckingClient, visitor: CheckingClient, cast: Cast
) -> None:
    links = asked(client)
    assert client.post(f"{PATH}/cancel").location == PATH
    assert "blijft zoals het is" in client.get(PATH).text
    for path in links:
        assert visitor.post(path).status_code == 410


def test_the_old_end_can_stop_it(
    client: CheckingClient, visitor: CheckingClient, cast: Cast
) -> None:
    _old, new = asked(client)
    stop = link(OLD, "cancel")
    visitor.post(new)
    assert visitor.get(stop).status_code == 200
    answer = visitor.post(stop)
    assert answer.status_code == 200 and "/password/forgot" in answer.text
    assert visitor.post(new).status_code == visitor.post(stop).status_code == 410
    assert (number(AddressChange), number(Token)) == (0, 0)
    assert address_of(cast.member) == OLD


def test_an_address_that_is_taken_gets_the_same_answer(
    client: CheckingClient, visitor: CheckingClient, cast: Cast
) -> None:
    asked(client)
    free = client.get(PATH).text
    client.post(PATH, data=ASK | {"email": cast.other.email})
    taken = client.get(PATH).text
    moment = re.compile(r"Dit kan tot [^.]*\.|value=\"[\w.-]+\"|content='[^']*'|\"[\w.-]{50,}\"")
    same = [
        moment.sub("", text).replace(NEW, "").replace(cast.other.email, "")
        for text in (free, taken)
    ]
    assert same[0] == same[1]
    mail = text_of(mails(cast.other.email)[-1])
    assert "er is al een account" in mail and "/account/address" not in mail
    assert number(Token) == 2, "the same work"
    visitor.post(link(OLD))
    assert client.get(PATH).text.count("Nog niet bevestigd") == 1
    assert address_of(cast.member) == OLD


def test_an_address_that_is_taken_meanwhile_changes_nothing(
    client: CheckingClient, visitor: CheckingClient, cast: Cast
) -> None:
    links = asked(client)
    visitor.post(links[0])
    cast.other.email = NEW
    db.session.commit()
    answer = visitor.post(links[1])
    assert answer.status_code == 409 and "Een ander account heeft dit adres" in answer.text
    assert (address_of(cast.member), address_of(cast.other)) == (OLD, NEW)
    assert number(AddressChange) == 0
    assert client.get("/account").status_code == 200
    assert visitor.post(links[1]).status_code == 410


def test_the_database_holds_no_usable_link(
    client: CheckingClient, visitor: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = [path.rpartition("/")[2] for path in asked(client)]

    def down(*_arguments: str) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(mailer, "send", down)
    assert client.post(PATH, data=ASK).status_code == 303
    for table in (Token, OutgoingMail, AddressChange):
        rows = str(db.session.execute(select(table.__table__)).all())
        assert not any(secret in rows for secret in secrets)
    assert all(len(secret) >= 43 for secret in secrets), "256 bits"
    waiting = db.session.scalars(select(OutgoingMail).where(OutgoingMail.sent_at.is_(None))).all()
    words = {word for mail in waiting for word in re.findall(r"[\w-]{20,}", mail.body)}
    hashes = set(db.session.scalars(select(Token.token_hash)))
    for word in words | hashes:
        assert visitor.post(f"{PATH}/confirm/{word}").status_code == 410


def test_the_address_of_the_page_is_told_to_nobody(
    client: CheckingClient, visitor: CheckingClient
) -> None:
    for path in (*asked(client), link(OLD, "cancel"), f"{PATH}/confirm/x"):
        answer = visitor.get(path)
        assert answer.headers["Referrer-Policy"] == "strict-origin"
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_name_adds_no_lines_to_a_mail(client: CheckingClient, cast: Cast) -> None:
    cast.member.name = "Lotte\r\nBcc: iedereen@x.example\r\n\r\nhttp://kwaad.example/"
    db.session.commit()
    asked(client)
    mail = mails(NEW)[-1]
    assert mail["To"] == NEW and mail["Bcc"] is None
    assert "Lotte Bcc: iedereen@x.example http://kwaad.example/ wil dit" in text_of(mail)
